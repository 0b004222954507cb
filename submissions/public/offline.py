"""Templates to download, and the filled one to upload or paste. What is read is shown first (offline_check.py)."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from submissions.documents.blocks import UnreadableFile
from submissions.documents.upload import read_upload
from submissions.forms import OfflineForm
from submissions.public.offline_check import LeftOut, check_page, pieces_of
from submissions.public.visit import GET_OR_POST, Visit, public_view
from wsis.uploads import was_refused


@public_view(*GET_OR_POST, has_typing=True)
def offline(visit: Visit) -> HttpResponse:
    if visit.chosen_language and not visit.request.FILES:
        return visit.render("offline.html", form=OfflineForm(initial=visit.typed))
    form = OfflineForm(visit.request.POST, visit.request.FILES) if visit.is_post else OfflineForm()
    if visit.is_post:
        is_valid = form.is_valid()
        if was_refused(visit.request):
            # Without it the form would ask for a file, as if there had been none.
            form.errors.pop("file", None)
            form.add_error("file", _("This file is larger than 4 MB. Remove its pictures, or paste your text."))
        elif is_valid:
            file = form.cleaned_data["file"]
            try:
                parsed = read_upload(file, form.cleaned_data["pasted"], visit.consultation)
            except UnreadableFile as refusal:
                form.add_error("file" if file else "pasted", str(refusal))
            else:
                if parsed.pieces:
                    return check_page(visit, pieces_of(parsed), left_out=LeftOut(parsed.ours, parsed.omitted))
                form.add_error(None, _("Nothing is written in it yet, besides the template’s own words."))
    return visit.render("offline.html", status=422 if form.errors else 200, form=form)
