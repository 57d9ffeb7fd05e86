using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Destinations.Tables;

namespace Dlt.Destinations.Staging;

/// <summary>Returns the values of a partition key for the rows of a batch, as the texts of its folders.</summary>
internal static class PartitionTexts
{
    /// <summary>Creates a function that returns the text of a row; null for a row without a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="column">The column in the batch; null if the file lacks it.</param>
    /// <exception cref="DltException">The column has a type that files of this loader do not have.</exception>
    public static Func<int, string?> Of(HivePartitionKey key, IArrowArray? column)
    {
        static Func<int, string?> Known<T>(Func<int, T?> value, Func<T, string> text) where T : struct
        {
            var texts = new Dictionary<T, string>();
            return row =>
            {
                if (value(row) is not { } found) return null;
                if (!texts.TryGetValue(found, out var known)) texts[found] = known = text(found);
                return known;
            };
        }

        static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
        string Time(long hours) => DateTime.UnixEpoch.AddHours(hours).ToString(key.DateFormat, CultureInfo.InvariantCulture);
        string Year(long hours) => Number(DateTime.UnixEpoch.AddHours(hours).Year);
        Func<long, string> time = key.DateFormat is null ? Year : Time;
        return column switch
        {
            null => _ => null,
            StringArray texts => row => texts.GetString(row),
            Int8Array numbers => Known(r => (long?)numbers.GetValue(r), Number),
            Int16Array numbers => Known(r => (long?)numbers.GetValue(r), Number),
            Int32Array numbers => Known(r => (long?)numbers.GetValue(r), Number),
            Int64Array numbers => Known(numbers.GetValue, Number),
            Date32Array dates => Known(r => dates.GetValue(r) * 24L, time),
            TimestampArray times => Known(Hours(times), time),
            _ => throw new DltException(
                $"The file has the column '{key.Source.Name}' as {column.Data.DataType.Name}, by which rows cannot be divided into "
                + "partitions. Nothing was loaded; the package stays pending. Change the partitions of the resource."),
        };
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
