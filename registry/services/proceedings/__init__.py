"""Carrying out the declared procedures of domain.md 5, case by case (docs/decisions/0007-proceedings.md).

`engine` takes steps, whatever the procedure; `bindings` names, for each procedure, where its facts come from and what its
steps do to the register.
"""
