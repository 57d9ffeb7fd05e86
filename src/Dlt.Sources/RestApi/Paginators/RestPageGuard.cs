namespace Dlt.Sources.Rest;

/// <summary>
/// Notices a series of pages that would go on for ever: the same request again, the same records again, or nothing again.
/// </summary>
internal sealed class RestPageGuard
{
    private const int EqualPages = 3;
    private const int EqualPagesOfOneRecord = 10;   // a record without an id may come several times
    private const int EmptyPages = 1000;

    private readonly HashSet<UInt128> _requests = [];
    private RestRecords? _last;
    private int _equal;
    private int _empty;

    /// <summary>Checks the next request before it is sent.</summary>
    /// <exception cref="DltException">The series has sent the same request before.</exception>
    public void Check(RestRequest request, RestPaging paging)
    {
        if (_requests.Add(RestPrint.Of(request))) return;
        throw Problem(
            $"the next request is one that was sent before, so {paging.Title} would read the same pages for ever",
            "The API may expect the cursor or the number elsewhere: check the names in the paginator.");
    }

    /// <summary>Checks a page.</summary>
    /// <exception cref="DltException">The series brings the same records again and again.</exception>
    public void Check(RestRecords records, RestPaging paging)
    {
        _empty = records.Count == 0 ? _empty + 1 : 0;
        if (_empty >= EmptyPages)
        {
            throw Problem(
                FormattableString.Invariant($"{_empty} pages without records followed each other, and {paging.Title} goes on"),
                "Set stop_after_empty_page, or a path that tells whether more pages follow (has_more_path).");
        }

        if (paging.HasMaximum || records.Count == 0) return;
        _equal = _last is { } last && records.AreSameAs(last) ? _equal + 1 : 1;
        _last = records;
        if (_equal < (records.Count == 1 ? EqualPagesOfOneRecord : EqualPages)) return;
        throw Problem(
            FormattableString.Invariant($"{_equal} pages with the same records followed each other, and {paging.Title} goes on"),
            "The API may ignore the parameter of the page: check its name in the paginator. "
            + "If equal pages are right, set a maximum in the paginator.");
    }

    private static DltException Problem(string what, string advice) =>
        new($"The pages do not end: {what}. Nothing of this run was loaded, and the state is as before. {advice}");
}
