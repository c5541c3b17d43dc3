"""The door for the web server."""

import gc

from django.core.wsgi import get_wsgi_application

django = get_wsgi_application()

from siban.identity.lanes import Lanes

application = Lanes(django)

gc.collect()
gc.freeze()  # code, models and dictionaries stay for good: the collector need not look at them at every round
gc.set_threshold(20_000, 20, 50)  # a page of rows makes some thousand short-lived objects
