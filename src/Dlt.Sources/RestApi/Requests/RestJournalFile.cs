using System.Globalization;
using System.Text;

namespace Dlt.Sources.Rest;

/// <summary>
/// File of a journal: a line about the journal, then for each page a line with its head, the length of its body and a hash, and the body.
/// What a crash left of the last page is dropped.
/// </summary>
internal sealed class RestJournalFile : IDisposable
{
    private readonly FileStream _file;

    private RestJournalFile(FileStream file, string id, DateTimeOffset began) => (_file, Id, Began) = (file, id, began);

    /// <summary>Identifies the journal.</summary>
    public string Id { get; }

    /// <summary>Time when it was begun.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>Pages that the file had when it was opened.</summary>
    public IReadOnlyList<RestJournalPage> Pages { get; private set; } = [];

    /// <summary>Opens a file, and begins a new one when there is none that is wanted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isWanted">Decides whether the pages of the file may still be used.</param>
    /// <param name="time">Clock of the run.</param>
    public static RestJournalFile Open(string path, Func<RestJournalFile, bool> isWanted, TimeProvider time)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (Read(file) is { } known && isWanted(known)) return known;
        file.SetLength(0);
        var made = new RestJournalFile(file, Guid.NewGuid().ToString("N"), time.GetUtcNow());
        made.Write(JsonValue.Object(
            ("id", JsonValue.String(made.Id)), ("began", JsonValue.Integer(made.Began.ToUnixTimeSeconds()))));
        return made;
    }

    /// <summary>Adds a page at the end.</summary>
    public void Add(RestJournalPage page)
    {
        Write(page.Head
            .With("length", JsonValue.Integer(page.Body.Length))
            .With("hash", JsonValue.String(HashOf(page.Body.Span))));
        _file.Write(page.Body.Span);
        _file.Flush();
    }

    /// <summary>Drops a page and all after it.</summary>
    public void CutBefore(RestJournalPage page) => _file.SetLength(page.Start);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string HashOf(ReadOnlySpan<byte> body) => RestPrint.Of(body).ToString("x32", CultureInfo.InvariantCulture);

    private static RestJournalFile? Read(FileStream file)
    {
        if (Line(file) is not { } first || first["id"] is not { Kind: JsonKind.String } id || first["began"]?.TryGetInt64(out var began) != true)
            return null;
        var pages = new List<RestJournalPage>();
        var end = file.Position;
        while (Page(file, end) is { } page)
        {
            pages.Add(page);
            end = file.Position;
        }

        file.SetLength(end);
        file.Position = end;
        return new(file, id.AsString(), DateTimeOffset.FromUnixTimeSeconds(began)) { Pages = pages };
    }

    private static RestJournalPage? Page(FileStream file, long start)
    {
        if (Line(file) is not { } head || head["length"]?.TryGetInt64(out var length) != true) return null;
        if (length < 0 || length > file.Length - file.Position) return null;
        var body = new byte[length];
        file.ReadExactly(body);
        return head["hash"]?.Equals(JsonValue.String(HashOf(body))) == true ? RestJournalPage.Of(head, body, start) : null;
    }

    private static JsonValue? Line(FileStream file)
    {
        var line = new List<byte>();
        while (file.ReadByte() is var next and >= 0)
        {
            if (next != '\n')
            {
                line.Add((byte)next);
                continue;
            }

            try
            {
                return JsonValue.Parse(line.ToArray()) is { Kind: JsonKind.Object } json ? json : null;
            }
            catch (JsonFormatException)
            {
                return null;
            }
        }

        return null;
    }

    private void Write(JsonValue line)
    {
        _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _file.Flush();
    }
}
