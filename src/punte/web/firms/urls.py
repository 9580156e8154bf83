from django.urls import path

from . import views

app_name = "firms"
urlpatterns = [
    path("firme/noua/", views.create, name="create"),
    path("firme/<int:pk>/alege/", views.switch, name="switch"),
    path("setari/", views.settings, name="settings"),
    path("setari/reverificare/", views.refresh, name="refresh"),
]
