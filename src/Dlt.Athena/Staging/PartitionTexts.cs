using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Destinations.Tables;

namespace Dlt.Destinations.Staging;

/// <summary>The values of a partition key in the rows of a batch, as the texts of its folders.</summary>
/// <param name="Numbers">For each row, the number of its text.</param>
/// <param name="Texts">The different texts; null for rows without a value.</param>
internal sealed record PartitionTexts(int[] Numbers, List<string?> Texts)
{
    private const int ShortText = 256;

    /// <summary>Reads the values.</summary>
    /// <param name="key">The key.</param>
    /// <param name="column">The column in the batch; null if the file lacks it.</param>
    /// <param name="rows">Number of rows.</param>
    /// <exception cref="DltException">The column has a type that files of this loader do not have.</exception>
    public static PartitionTexts Of(HivePartitionKey key, IArrowArray? column, int rows)
    {
        static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
        string Time(long hours) => DateTime.UnixEpoch.AddHours(hours).ToString(key.DateFormat, CultureInfo.InvariantCulture);
        string Year(long hours) => Number(DateTime.UnixEpoch.AddHours(hours).Year);
        Func<long, string> time = key.DateFormat is null ? Year : Time;
        return column switch
        {
            null => new(new int[rows], [null]),
            StringArray texts => OfTexts(texts),
            Int8Array numbers => OfValues(rows, r => numbers.GetValue(r), Number),
            Int16Array numbers => OfValues(rows, r => numbers.GetValue(r), Number),
            Int32Array numbers => OfValues(rows, r => numbers.GetValue(r), Number),
            Int64Array numbers => OfValues(rows, numbers.GetValue, Number),
            Date32Array dates => OfValues(rows, r => dates.GetValue(r) * 24L, time),
            TimestampArray times => OfValues(rows, Hours(times), time),
            _ => throw new DltException(
                $"The file has the column '{key.Source.Name}' as {column.Data.DataType.Name}, by which rows cannot be divided into "
                + "partitions. Nothing was loaded; the package stays pending. Change the partitions of the resource."),
        };
    }

    private static PartitionTexts OfValues(int rows, Func<int, long?> valueOf, Func<long, string> textOf)
    {
        var numbers = new int[rows];
        var texts = new List<string?>();
        var known = new Dictionary<long, int>();
        var ofNull = -1;
        for (var row = 0; row < rows; row++)
        {
            if (valueOf(row) is not { } value)
            {
                if (ofNull < 0) ofNull = Add(texts, null);
                numbers[row] = ofNull;
                continue;
            }

            if (!known.TryGetValue(value, out var number)) known[value] = number = Add(texts, textOf(value));
            numbers[row] = number;
        }

        return new(numbers, texts);
    }

    /// <summary>Texts make no string for each row, only for each different text.</summary>
    private static PartitionTexts OfTexts(StringArray column)
    {
        var numbers = new int[column.Length];
        var texts = new List<string?>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> chars = stackalloc char[ShortText];
        var ofNull = -1;
        for (var row = 0; row < numbers.Length; row++)
        {
            var bytes = column.GetBytes(row, out var isNull);
            if (isNull)
            {
                if (ofNull < 0) ofNull = Add(texts, null);
                numbers[row] = ofNull;
                continue;
            }

            ReadOnlySpan<char> text = bytes.Length <= ShortText
                ? chars[..Encoding.UTF8.GetChars(bytes, chars)] : Encoding.UTF8.GetString(bytes);
            if (!lookup.TryGetValue(text, out var number))
            {
                number = Add(texts, text.ToString());
                known[texts[number]!] = number;
            }

            numbers[row] = number;
        }

        return new(numbers, texts);
    }

    private static int Add(List<string?> texts, string? text)
    {
        texts.Add(text);
        return texts.Count - 1;
    }

    /// <summary>Hours since 1970, rounded down.</summary>
    private static Func<int, long?> Hours(TimestampArray column)
    {
        var hour = 3600L * ((TimestampType)column.Data.DataType).Unit switch
        {
            TimeUnit.Second => 1L,
            TimeUnit.Millisecond => 1_000L,
            TimeUnit.Microsecond => 1_000_000L,
            _ => 1_000_000_000L,
        };
        return row => column.GetValue(row) is { } time ? (time - (((time % hour) + hour) % hour)) / hour : null;
    }
}
