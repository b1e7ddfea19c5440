"""The same model for other programs: ready scripts and the moments that they read."""

from loyaltysem.report.scripts.bundle import Script, model_files, scripts

__all__ = ["Script", "model_files", "scripts"]
