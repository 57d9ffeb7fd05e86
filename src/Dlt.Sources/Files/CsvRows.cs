using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Dlt.Files;
using Dlt.Items;
using Dlt.Normalize.Chunks;
using Sylvan.Data.Csv;

namespace Dlt.Sources.Files;

/// <summary>Reads the rows of a CSV file in batches of items.</summary>
/// <param name="file">The file.</param>
/// <param name="options">Options for reading.</param>
/// <param name="context">
/// The resource that reads. If it keeps rejects, a record with too many fields, or with invalid bytes, is a <see cref="RejectedRecord"/>
/// instead of an error.
/// </param>
internal sealed class CsvRows(InputFile file, CsvOptions options, ResourceContext context)
{
    private const int SampleRows = 10_000;
    private const int HeadChars = 1 << 16;
    private const string LineEnds = "\r\n";

    /// <summary>A character that no text contains: the CSV library always needs one for comments.</summary>
    private const char NoComment = '\uFFFF';

    /// <summary>Replaces invalid bytes while rejects are kept. It is a noncharacter, which no text contains.</summary>
    private const char NotText = '\uFDD0';

    private readonly Encoding _encoding = TextEncoding.Of(file with { Encoding = file.Encoding ?? options.Encoding });
    private readonly List<RejectedRecord> _rejects = [];

    /// <summary>Line of the file, from 1, at which the next record begins.</summary>
    private int _line = 1;

    /// <summary>Reads batches. If a field does not have its column's type, the column is text in a separate batch.</summary>
    public async IAsyncEnumerable<object?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CompressedFile.CheckHasBytes(file, hasHeader: false);
        var content = new CountedStream(CompressedFile.Open(CompressedFile.OpenFile(file), out var isGzip));
        var delimiter = ',';
        using var text = new StreamReader(
            content, TextEncoding.Strict(_encoding, context.KeepRejects ? NotText : null), detectEncodingFromByteOrderMarks: false);
        using var replayed = new ReplayedText(Try(() => Head(text, out delimiter)), text);
        using var reader = Try(() => CsvDataReader.Create(replayed, new CsvDataReaderOptions
        {
            HasHeaders = options.HasHeader,
            Delimiter = delimiter,
            MaxBufferSize = 1 << 28,
            BufferSize = 1 << 16,
            Comment = options.Comment ?? NoComment,
            CommentHandler = (Action<string>)CheckIsComment,
        }));
        await Task.CompletedTask.ConfigureAwait(false);
        var names = Names(reader);

        var sample = new List<string[]>();
        while (sample.Count < SampleRows && Read(reader)) sample.Add(Fields(reader, names.Length));
        FieldType TypeOf(int column) => options.InferTypes && !KeepsText(names[column])
            ? FieldTypes.Of(sample.Select(row => row[column]))
            : FieldType.Text;
        var rows = new CsvBatch(names, [.. names.Select((_, column) => TypeOf(column))]);
        foreach (var rejected in TakeRejects()) yield return rejected;
        foreach (var row in sample)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (!rows.TryAdd(row))
                if (rows.TakeBeforeMixed() is { } before) yield return Named(before);
            if (rows.IsFull) yield return Named(rows.Take());
        }

        while (Read(reader))
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (!rows.TryAdd(reader))
                if (rows.TakeBeforeMixed() is { } before) yield return Named(before);
            if (!rows.IsFull) continue;
            yield return Named(rows.Take());
            foreach (var rejected in TakeRejects()) yield return rejected;
        }

        if (rows.Count > 0) yield return Named(rows.Take());
        foreach (var rejected in TakeRejects()) yield return rejected;
        if (isGzip && !GzipFile.IsComplete(file.Path, content.Position))
            throw CompressedFile.DamageOf(file.Name, new EndOfStreamException())!;
    }

    /// <summary>
    /// Returns whether fields of a column stay as they are written: a text would change (<c>1.10</c>), and a double may not hold the
    /// digits of a decimal.
    /// </summary>
    private bool KeepsText(string column) => context.ColumnType(column) is DataType.Text or DataType.Decimal or DataType.Wei;

    private ItemBatch Named(ItemBatch batch) => batch with { File = file.Name };

    /// <summary>Moves to the next record that is a row. Records before it that are not rows are errors, or rejects.</summary>
    private bool Read(CsvDataReader reader)
    {
        while (Try(reader.Read))
        {
            var record = reader.GetRawRecordSpan();
            var line = _line;
            _line += TextLines.Ends(record);
            if (reader.FieldCount > 1 && record.Trim(LineEnds).IsEmpty) continue;   // a blank line
            if (Defect(reader) is not { } defect) return true;
            if (!context.KeepRejects) throw Problem(string.Create(CultureInfo.InvariantCulture, $"line {line} {defect}."));
            _rejects.Add(new(record.TrimEnd(LineEnds).ToString().Replace(NotText, '\uFFFD'), file.Name, line, defect));
        }

        return false;
    }

    /// <summary>Reads the first characters, without the line that only names the delimiter.</summary>
    private ReadOnlyMemory<char> Head(StreamReader text, out char delimiter)
    {
        var head = new char[HeadChars];
        var length = text.ReadBlock(head);
        if (length == 0 && options.HasHeader) throw Problem("it is empty; the line of names is missing.");
        var dialect = CsvDialect.Of(head.AsSpan(0, length), length < HeadChars, options.Delimiter);
        delimiter = dialect.Delimiter;
        if (dialect.SkippedChars > 0) _line++;
        var rest = head.AsMemory(dialect.SkippedChars, length - dialect.SkippedChars);
        var content = rest.TrimStart(LineEnds);   // blank lines before the names
        _line += TextLines.Ends(rest.Span[..^content.Length]);
        if (content.IsEmpty && length < HeadChars && options.HasHeader) throw Problem("it is empty; the line of names is missing.");
        rest = content;
        if (options.HasHeader) _line += CsvDialect.LinesOfFirstRecord(rest.Span, delimiter);
        return rest;
    }

    private void CheckIsComment(string line)
    {
        if (options.Comment is null) throw Problem("a line begins with U+FFFF, which is not a character.");
    }

    private string? Defect(CsvDataReader reader)
    {
        for (var extra = reader.FieldCount; extra < reader.RowFieldCount; extra++)
            if (!reader.GetFieldSpan(extra).IsEmpty)
                return string.Create(CultureInfo.InvariantCulture, $"has {reader.RowFieldCount} fields, but there "
                    + $"{(reader.FieldCount == 1 ? "is one column" : $"are {reader.FieldCount} columns")}");
        return context.KeepRejects && reader.GetRawRecordSpan().Contains(NotText) ? $"is not {EncodingName}" : null;
    }

    private string EncodingName => _encoding.CodePage == Encoding.UTF8.CodePage ? "UTF-8" : _encoding.WebName;

    private List<RejectedRecord> TakeRejects()
    {
        List<RejectedRecord> rejects = [.. _rejects];
        _rejects.Clear();
        return rejects;
    }

    private static string[] Fields(CsvDataReader reader, int count)
    {
        var fields = new string[count];
        for (var column = 0; column < count; column++)
            fields[column] = column < reader.RowFieldCount ? reader.GetFieldSpan(column).ToString() : "";
        return fields;
    }

    private string[] Names(CsvDataReader reader)
    {
        string NameOf(int column) => options.HasHeader && reader.GetName(column) is { Length: > 0 } name
            ? name
            : string.Create(CultureInfo.InvariantCulture, $"column_{column + 1}");
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(NameOf)];
        if (names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice) throw Problem($"two columns are named '{twice.Key}'.");
        return names;
    }

    /// <summary>The library says "without a closing quote" of a quote that is followed by a blank, too.</summary>
    private static string Cause(CsvFormatException error) => error.Message.Contains("quote", StringComparison.Ordinal)
        ? "it has text after its closing quote, or no closing quote."
        : error.Message;

    private T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException error)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"line {_line}, field {error.FieldOrdinal + 1}");
            throw Problem($"{place}: {Cause(error)}", error);
        }
        catch (DecoderFallbackException error)
        {
            throw NotInEncoding(error);
        }
        catch (Exception error) when (CompressedFile.DamageOf(file.Name, error) is { } damage)
        {
            throw damage;
        }
    }

    private DltException NotInEncoding(DecoderFallbackException error)
    {
        var line = TextLines.FirstNotText(file, TextEncoding.Strict(_encoding, NotText), NotText);
        var what = string.Create(CultureInfo.InvariantCulture, $"{(line is null ? "it" : $"line {line}")} is not {EncodingName}");
        return _encoding.CodePage == Encoding.UTF8.CodePage
            ? Problem($"{what}, and no byte order mark names another encoding.", error, "Name its encoding: try --encoding windows-1252 "
                + "(in a program CsvOptions.Encoding)")
            : Problem($"{what}.", error, "Name the right encoding");
    }

    private DltException Problem(string what, Exception? error = null, string remedy = "Correct the file, then run again") =>
        new($"{file.Name} cannot be read as CSV: {what} Nothing of this run was loaded, and the state is as before. {remedy}.", error);
}
