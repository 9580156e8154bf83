from django.urls import path

from . import views

app_name = "delivery"
urlpatterns = [
    path("<int:pk>/trimite/", views.send, name="send"),
    path("<int:pk>/arhiva.zip", views.package, name="package"),
]
