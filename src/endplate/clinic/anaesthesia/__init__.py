"""Anaesthesia in LEMS: a checklist that follows the record, the train-of-four against its baseline, and one card."""

from endplate.clinic.anaesthesia.card import prolonged_block_card
from endplate.clinic.anaesthesia.checklist import PHASES, anaesthesia_checklist
from endplate.clinic.anaesthesia.train_of_four import judge_train_of_four

__all__ = ["PHASES", "anaesthesia_checklist", "judge_train_of_four", "prolonged_block_card"]
