using System.Globalization;

namespace Dlt.Sources.Rest;

/// <summary>
/// Answers of a series that are kept until its run succeeds: a run after a failed one, or after a crash, reads them again from the disk and
/// asks the API only for the pages that are missing.
/// </summary>
/// <remarks>
/// An answer is used for the request that it was given for, and only in the same order. The state says which journal was loaded: it changes
/// in the same moment as the package of its rows, so no page is lost or loaded twice.
/// </remarks>
internal sealed class RestJournal : IDisposable
{
    private const string StateKey = "journal";
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);   // cursors of APIs do not live for ever

    private readonly ResourceContext _context;
    private readonly RestJournalFile _file;
    private readonly Queue<RestJournalPage> _known;

    private RestJournal(ResourceContext context, RestJournalFile file) =>
        (_context, _file, _known) = (context, file, new(file.Pages));

    /// <summary>Opens the journal of a resource; null when the resource has none.</summary>
    public static RestJournal? Open(RestResourcePlan plan, ResourceContext context)
    {
        if (!plan.ResumesPages || plan.Parent is not null || context.Folder is not { } folder) return null;
        var name = RestPrint.Of(System.Text.Encoding.UTF8.GetBytes($"{context.Source}\n{plan.Name}"));
        var path = Path.Combine(folder, "requests", name.ToString("x32", CultureInfo.InvariantCulture) + ".pages");
        var stored = context.State[ResourceState.RequestsKey];
        var loaded = stored is { Kind: JsonKind.Object } && stored[StateKey] is { Kind: JsonKind.String } id ? id.AsString() : null;
        var oldest = context.SourceHttp.Time.GetUtcNow() - MaxAge;
        return new(context, RestJournalFile.Open(path, file => file.Id != loaded && file.Began > oldest, context.SourceHttp.Time));
    }

    /// <summary>Returns the answer that an earlier run got for a request; null when the API has to be asked.</summary>
    public RestExchange? Find(RestRequest request)
    {
        if (!_known.TryPeek(out var page)) return null;
        if (page.Request == RestPrint.Of(request) && _file.Read(page) is { } exchange)
        {
            _known.Dequeue();
            return exchange;
        }

        _file.CutBefore(page);   // the description has changed: what follows belongs to other requests
        _known.Clear();
        return null;
    }

    /// <summary>Keeps an answer of the API.</summary>
    public void Add(RestRequest request, RestExchange exchange) => _file.Add(RestPrint.Of(request), exchange);

    /// <summary>Notes that the pages so far are all that the run takes. They count as loaded when the state is stored.</summary>
    public void MayEndHere() => Store(JsonValue.String(_file.Id));

    /// <summary>Notes that the run takes more pages.</summary>
    public void MustGoOn() => Store(JsonValue.Null);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Store(JsonValue id) => _context.State.Update(
        ResourceState.RequestsKey, stored => (stored ?? JsonValue.EmptyObject).With(StateKey, id));
}
