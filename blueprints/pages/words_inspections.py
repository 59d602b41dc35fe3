"""Words of results of inspections."""

from flask_babel import lazy_gettext as _

from registry.rules.inspections import InspectionKind, ResultCode

KINDS = {
    InspectionKind.DOUBLE_RANDOM: _("Random inspection by random inspectors"),
    InspectionKind.FOOD_SAMPLING: _("Sampling of food"),
    InspectionKind.PRODUCT_SAMPLING: _("Spot check of product quality"),
    InspectionKind.CERTIFICATION: _("Spot check of certification"),
}
CODES = {
    ResultCode.NO_PROBLEM: _("No problem found"),
    ResultCode.PASSED: _("Sample passed"),
    ResultCode.NOT_TRADING: _("No business of the kind inspected"),
    ResultCode.SET_RIGHT: _("Problem found, ordered to be set right"),
    ResultCode.TO_BE_HANDLED: _("Problem found, to be dealt with"),
    ResultCode.FAILED: _("Sample failed"),
    ResultCode.FALSE_INFORMATION: _("Published information conceals the truth"),
    ResultCode.UNREACHABLE: _("Unreachable at the registered place"),
    ResultCode.NOT_COOPERATING: _("Did not cooperate, grave"),
}
