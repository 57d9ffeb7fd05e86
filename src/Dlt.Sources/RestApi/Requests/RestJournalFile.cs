using System.Text;

namespace Dlt.Sources.Rest;

/// <summary>
/// File of a journal: a line about the journal, then for each page a line with its head, and its body. What a crash left of the last page
/// is dropped.
/// </summary>
internal sealed class RestJournalFile : IDisposable
{
    private readonly FileStream _file;

    private RestJournalFile(FileStream file, DateTimeOffset began) => (_file, Began) = (file, began);

    /// <summary>Time when it was begun.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>Pages that the file had when it was opened.</summary>
    public IReadOnlyList<RestJournalPage> Pages { get; private set; } = [];

    /// <summary>Opens a file, and begins a new one when there is none that is wanted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="oldest">Pages of a file that was begun before are not used.</param>
    /// <param name="now">Time of the run.</param>
    public static RestJournalFile Open(string path, DateTimeOffset oldest, DateTimeOffset now)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = new FileStream(path, Options());
        if (Read(file) is { } known && known.Began > oldest) return known;
        file.SetLength(0);
        var made = new RestJournalFile(file, now);
        made.Write(JsonValue.Object(("began", JsonValue.Integer(now.ToUnixTimeSeconds()))), default);
        return made;
    }

    /// <summary>Addresses of next pages may hold keys, so only this user reads the file.</summary>
    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>Adds a page at the end.</summary>
    public void Add(UInt128 request, RestExchange exchange) =>
        Write(RestJournalPage.HeadOf(request, exchange), exchange.Answer.Body.Span);

    /// <summary>Reads the answer of a page.</summary>
    public RestExchange? Read(RestJournalPage page) => page.Read(_file) is { } body ? page.ToExchange(body) : null;

    /// <summary>Drops a page and all after it.</summary>
    public void CutBefore(RestJournalPage page) => _file.SetLength(page.Start);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static RestJournalFile? Read(FileStream file)
    {
        if (Line(file)?["began"]?.TryGetInt64(out var began) is not true) return null;
        var pages = new List<RestJournalPage>();
        var end = file.Position;
        while (Line(file) is { } head)
        {
            var page = new RestJournalPage(head, end, file.Position);
            if (page.Read(file) is null) break;
            pages.Add(page);
            end = file.Position;
        }

        file.SetLength(end);
        return new(file, DateTimeOffset.FromUnixTimeSeconds(began)) { Pages = pages };
    }

    /// <summary>Reads a line of JSON; null at the end of the file, and for what a crash left.</summary>
    private static JsonValue? Line(FileStream file)
    {
        var line = new List<byte>();
        while (file.ReadByte() is var next and >= 0)
        {
            if (next == '\n') return Parsed([.. line]);
            line.Add((byte)next);
        }

        return null;
    }

    private static JsonValue? Parsed(byte[] line)
    {
        try
        {
            return JsonValue.Parse(line) is { Kind: JsonKind.Object } json ? json : null;
        }
        catch (JsonFormatException)
        {
            return null;
        }
    }

    private void Write(JsonValue line, ReadOnlySpan<byte> body)
    {
        _file.Position = _file.Length;
        _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _file.Write(body);
        _file.Flush();
    }
}
