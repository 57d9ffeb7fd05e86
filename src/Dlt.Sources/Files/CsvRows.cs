using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Dlt.Batches.Building;
using Dlt.Json;
using Dlt.Normalize.Chunks;
using Sylvan.Data.Csv;

namespace Dlt.Sources.Files;

/// <summary>The rows of a CSV file in batches of items.</summary>
/// <param name="path">The file.</param>
/// <param name="options">How it is read.</param>
/// <param name="keepsRejects">True: a record with too many fields, or with bytes that are not UTF-8, comes as a <see cref="RejectedRecord"/> and ends nothing.</param>
internal sealed class CsvRows(string path, CsvOptions options, bool keepsRejects)
{
    private const int SampleRows = 10_000;

    /// <summary>Stands for bytes that are not UTF-8 while rejects are kept: a code point that is no character and in no text.</summary>
    private const char NotUtf8 = '\uFDD0';

    private readonly List<RejectedRecord> _rejects = [];

    /// <summary>Batches; rows with a field that is not of its column's type come as objects between them.</summary>
    public async IAsyncEnumerable<object?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (new FileInfo(path).Length == 0) yield break;
        var content = new CountedStream(CompressedFile.Open(CompressedFile.OpenFile(path), out var isGzip));
        using var text = new StreamReader(content, Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, keepsRejects ? new DecoderReplacementFallback($"{NotUtf8}") : DecoderFallback.ExceptionFallback));
        using var reader = Try(() => CsvDataReader.Create(text, new CsvDataReaderOptions { HasHeaders = options.HasHeader, Delimiter = options.Delimiter, MaxBufferSize = 1 << 28, BufferSize = 1 << 16 }));
        await Task.CompletedTask.ConfigureAwait(false);
        var names = Names(reader);

        var sample = new List<string[]>();
        while (sample.Count < SampleRows && Read(reader)) sample.Add(Fields(reader, names.Length));
        FieldType[] types = [.. names.Select((_, column) => options.InfersTypes ? FieldTypes.Of(sample.Select(row => row[column])) : FieldType.Text)];
        var batch = new BatchBuilder(names);
        foreach (var rejected in TakeRejects()) yield return rejected;
        foreach (var row in sample)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var column = 0; column < row.Length; column++) FieldTypes.TryAppend(batch.Columns[column], types[column], row[column]);
            batch.EndRow();
            if (batch.IsFull) yield return batch.Take();
        }

        while (Read(reader))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!TryAdd(reader, types, batch))
            {
                if (batch.Rows > 0) yield return batch.Take();   // the columns have their types from the rows before
                yield return Item(reader, names, types);
            }
            else if (batch.IsFull)
            {
                yield return batch.Take();
                foreach (var rejected in TakeRejects()) yield return rejected;
            }
        }

        if (batch.Rows > 0) yield return batch.Take();
        foreach (var rejected in TakeRejects()) yield return rejected;
        if (isGzip && !GzipFile.IsComplete(path, content.Position)) throw CompressedFile.Explain(path, new EndOfStreamException())!;
    }

    private static bool TryAdd(CsvDataReader reader, FieldType[] types, BatchBuilder batch)
    {
        for (var column = 0; column < types.Length; column++)
        {
            if (FieldTypes.TryAppend(batch.Columns[column], types[column], column < reader.RowFieldCount ? reader.GetFieldSpan(column) : default)) continue;
            batch.Undo();
            return false;
        }

        batch.EndRow();
        return true;
    }

    private static JsonValue Item(CsvDataReader reader, string[] names, FieldType[] types) =>
        JsonValue.Object(names.Select((name, column) => KeyValuePair.Create(name, FieldTypes.ToJson(types[column], column < reader.RowFieldCount ? reader.GetFieldSpan(column) : default))));

    /// <summary>Goes to the next record that is a row; those before it that are none are errors, or rejects.</summary>
    private bool Read(CsvDataReader reader)
    {
        while (Try(reader.Read))
        {
            if (Defect(reader) is not { } defect) return true;
            if (!keepsRejects) throw Problem(string.Create(CultureInfo.InvariantCulture, $"row {reader.RowNumber} {defect}."));
            _rejects.Add(new(reader.GetRawRecordSpan().TrimEnd("\r\n").ToString().Replace(NotUtf8, '\uFFFD'), path, reader.RowNumber + (options.HasHeader ? 1 : 0), defect));
        }

        return false;
    }

    private string? Defect(CsvDataReader reader)
    {
        for (var extra = reader.FieldCount; extra < reader.RowFieldCount; extra++)
            if (!reader.GetFieldSpan(extra).IsEmpty) return string.Create(CultureInfo.InvariantCulture, $"has {reader.RowFieldCount} fields, but there are {reader.FieldCount} columns");
        return keepsRejects && reader.GetRawRecordSpan().Contains(NotUtf8) ? "is not UTF-8" : null;
    }

    private List<RejectedRecord> TakeRejects()
    {
        List<RejectedRecord> rejects = [.. _rejects];
        _rejects.Clear();
        return rejects;
    }

    private static string[] Fields(CsvDataReader reader, int count)
    {
        var fields = new string[count];
        for (var column = 0; column < count; column++) fields[column] = column < reader.RowFieldCount ? reader.GetFieldSpan(column).ToString() : "";
        return fields;
    }

    private string[] Names(CsvDataReader reader)
    {
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(i => options.HasHeader && reader.GetName(i) is { Length: > 0 } name ? name : string.Create(CultureInfo.InvariantCulture, $"column_{i + 1}"))];
        if (names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice) throw Problem($"two columns are named '{twice.Key}'.");
        return names;
    }

    private T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException error)
        {
            throw Problem(string.Create(CultureInfo.InvariantCulture, $"row {error.RowNumber}, field {error.FieldOrdinal + 1}: {error.Message}"), error);
        }
        catch (DecoderFallbackException error)
        {
            throw Problem("it is not UTF-8, and no byte order mark says what else it is.", error);
        }
        catch (Exception error) when (CompressedFile.Explain(path, error) is { } explained)
        {
            throw explained;
        }
    }

    private DltException Problem(string what, Exception? error = null) =>
        new($"{path} cannot be read as CSV: {what} Nothing of this run was loaded, and the state is as before. Correct the file, then run again.", error);
}
