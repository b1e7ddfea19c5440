"""Rival models of the dimensions of a construct."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import StudyError, did_you_mean, listed
from loyaltysem.results import DimensionLoading, DimensionShare, DimensionsResult, FactorShares
from loyaltysem.structural.dimensions import compare_dimensions
from loyaltysem.study.parts.part import FittedModel, Found, Material, StudyPart
from loyaltysem.study.parts.rivals import rival_records, step_records
from loyaltysem.study.plain import notice_records, plain_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.structural.definition import ModelDefinition
    from loyaltysem.structural.dimensions import Dimensions
    from loyaltysem.study.plan import Plan


def _compute(material: Material) -> Found:
    wanted = material.plan.definition.dimensions
    return Found(record=tuple(_results(material, [one.constructs for one in wanted])))


def _results(material: Material, wanted: Iterable[tuple[str, ...]]) -> Iterator[DimensionsResult]:
    for constructs in wanted:
        home = next(one for one in material.models if _measures(one.definition, constructs))
        yield _record(home, compare_dimensions(home.fit, constructs))


def _record(home: FittedModel, found: Dimensions) -> DimensionsResult:
    target = plain_record({"target": found.target})["target"]
    loadings = plain_record(found.second_order_loadings.to_dict())
    return DimensionsResult(
        constructs=found.constructs,
        model=home.definition.name,
        n=home.fit.n,
        models=rival_records(found.models),
        steps=step_records(found.steps),
        target=target,
        second_order=tuple(
            DimensionLoading(construct_code=name, loading=loading)
            for name, loading in loadings.items()
        ),
        shares=tuple(_shares(found)),
        dimensions=tuple(_dimension_shares(found)),
        notices=notice_records(found.notices),
    )


def _shares(found: Dimensions) -> Iterator[FactorShares]:
    for model, indices in found.indices.items():
        names = ("omega", "omega_hierarchical", "ecv", "puc", "construct_replicability")
        values = plain_record({name: getattr(indices, name) for name in names})
        yield FactorShares.model_validate({"model": model, **values})


def _dimension_shares(found: Dimensions) -> Iterator[DimensionShare]:
    for model, indices in found.indices.items():
        for code, row in indices.groups.to_dict("index").items():
            values = plain_record(row)
            yield DimensionShare.model_validate(
                {
                    "model": model,
                    "construct_code": code,
                    "omega": values["omega"],
                    "own": values["omega_hierarchical"],
                    "general": values["omega_general"],
                }
            )


def _measures(model: ModelDefinition, constructs: Iterable[str]) -> bool:
    """Tell whether all dimensions are latent variables of a model with items of their own."""
    return set(constructs) <= set(_measured(model))


def _measured(model: ModelDefinition) -> list[str]:
    latent = model.roles.latent
    loadings = [e for e in model.statements.elements if e.op == "=~" and e.rhs not in latent]
    return list(dict.fromkeys(e.lhs for e in loadings))


def _check(plan: Plan) -> None:
    """Refuse dimensions that no model measures."""
    for number, one in enumerate(plan.definition.dimensions):
        if any(_measures(model, one.constructs) for model in plan.models_to_fit):
            continue
        known = [name for model in plan.models_to_fit for name in _measured(model)]
        unknown = [name for name in one.constructs if name not in known]
        raise StudyError(
            "No model of the study measures these dimensions together",
            place=plan.definition.place("dimensions", number, "constructs"),
            found=listed(unknown or one.constructs),
            expected=listed(dict.fromkeys(known)) or "constructs of a fitted model",
            remedy=did_you_mean(unknown[0], known) if unknown else None,
        )


DIMENSIONS = StudyPart(
    field="dimensions",
    step="Comparing dimensions",
    wanted=lambda plan: bool(plan.definition.dimensions and plan.models_to_fit),
    compute=_compute,
    check=_check,
)
