from django.urls import path

from . import ticket_views, views

app_name = "support"
urlpatterns = [
    path("", views.start, name="help"),
    path("ghid/", views.guide, name="guide"),
    path("ghid/<slug:slug>/", views.guide_page, name="guide_page"),
    path("intrebari/", views.questions, name="questions"),
    path("suport/", ticket_views.index, name="tickets"),
    path("suport/nou/", ticket_views.create, name="create"),
    path("suport/toate/", ticket_views.everyones, name="everyones"),
    path("suport/<int:pk>/", ticket_views.ticket, name="ticket"),
    path("suport/<int:pk>/inchidere/", ticket_views.close, name="close"),
    path("suport/fisier/<int:pk>/", ticket_views.attachment, name="attachment"),
]
