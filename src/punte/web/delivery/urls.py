from django.urls import path

from . import batch_views, doubt_views, views

app_name = "delivery"
urlpatterns = [
    path("actiuni/", batch_views.choose, name="batch-choose"),
    path("actiuni/pornire/", batch_views.start, name="batch-start"),
    path("actiuni/<int:pk>/", batch_views.batch, name="batch"),
    path("<int:pk>/trimite/", views.send, name="send"),
    path("<int:pk>/incerta/", doubt_views.decide, name="doubt"),
    path("<int:pk>/alt-numar/", views.renumber, name="renumber"),
    path("<int:pk>/arhiva.zip", views.package, name="package"),
]
