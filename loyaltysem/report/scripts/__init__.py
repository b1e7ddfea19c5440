"""The same model for other programs: ready scripts and the moments that they read."""

from loyaltysem.report.scripts.bundle import PROGRAMS, Script, model_files, scripts

__all__ = ["PROGRAMS", "Script", "model_files", "scripts"]
