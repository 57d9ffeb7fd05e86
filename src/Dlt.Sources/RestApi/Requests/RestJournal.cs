using System.Globalization;
using System.Text;

namespace Dlt.Sources.Rest;

/// <summary>
/// Answers of a series that are kept until it ends: a run after one that failed or was killed reads them again from the disk, and asks the
/// API only for the pages that are missing.
/// </summary>
/// <remarks>
/// An answer is used for the request that it was given for, and only in the same order. The end of the series removes the journal before
/// its rows are committed, so no page is loaded twice; a run that fails between the two asks for all pages again.
/// </remarks>
internal sealed class RestJournal : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);   // cursors of APIs do not live for ever

    private readonly string _path;
    private readonly RestJournalFile _file;
    private readonly Queue<RestJournalPage> _known;
    private bool _mayEnd;

    private readonly CancellationToken _stopped;

    private RestJournal(string path, RestJournalFile file, CancellationToken stopped) =>
        (_path, _file, _known, _stopped) = (path, file, new(file.Pages), stopped);

    /// <summary>Opens the journal of a resource; null when the resource has none.</summary>
    /// <param name="plan">The resource.</param>
    /// <param name="context">Its context.</param>
    /// <param name="stopped">Cancelled when the run ends early: by the user, or because another resource failed.</param>
    public static RestJournal? Open(RestResourcePlan plan, ResourceContext context, CancellationToken stopped)
    {
        if (!plan.ResumesPages || plan.Parent is not null || context.Folder is not { } folder) return null;
        var name = RestPrint.Of(Encoding.UTF8.GetBytes($"{context.Source}\n{plan.Name}"));
        var path = Path.Combine(folder, "requests", name.ToString("x32", CultureInfo.InvariantCulture) + ".pages");
        var now = context.SourceHttp.Time.GetUtcNow();
        return new(path, RestJournalFile.Open(path, now - MaxAge, now), stopped);
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

    /// <summary>Notes that the pages so far may be all that the run takes: the series has ended, or ends if nobody asks for more.</summary>
    public void MayEndHere() => _mayEnd = true;

    /// <summary>Notes that the run takes more pages.</summary>
    public void MustGoOn() => _mayEnd = false;

    /// <summary>
    /// Closes the journal, and removes it at the end of the series. It stays after an error, and in a run that was stopped.
    /// </summary>
    public void Dispose()
    {
        _file.Dispose();
        if (_mayEnd && !_stopped.IsCancellationRequested) File.Delete(_path);
    }
}
