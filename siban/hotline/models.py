"""12345: the list of categories by validity, orders, their handlers, call-backs and ledgers. States move only through `flow`."""

from .models_beside import Callback, Clock, Meeting, Suspension, SuspensionProgress, Termination, Visit
from .models_categories import Category, RuleDraft
from .models_knowledge import Article, ArticleUse, ArticleVersion, Question
from .models_open311 import InterfaceKey
from .models_orders import Leg, Order, OrderFile

__all__ = [
    "Article", "ArticleUse", "ArticleVersion", "Callback", "Category", "Clock", "InterfaceKey", "Leg", "Meeting", "Order", "OrderFile", "Question", "RuleDraft", "Suspension", "SuspensionProgress",
    "Termination", "Visit",
]  # fmt: skip
