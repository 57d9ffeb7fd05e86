using Apache.Arrow;
using Dlt.Batches;
using Dlt.Batches.Building;
using Dlt.Json;
using Dlt.Sources.Cursors;
using Dlt.Types;
using Xunit;

namespace Dlt.Golden.Units;

/// <summary>Golden rows as Arrow tables.</summary>
internal static class ArrowPages
{
    /// <summary>The rows of a page that a cursor lets through.</summary>
    public static IEnumerable<JsonValue> Filter(IncrementalCursor cursor, IEnumerable<JsonValue> rows)
    {
        var table = Table([.. rows]);
        return BatchRows.ToItems(BatchRows.Take(table, cursor.FilterTable(table)));
    }

    /// <summary>Arrow's time zones end in the file as naive times of UTC, and so do those of the golden rows.</summary>
    public static JsonValue WithoutOffsets(JsonValue row) => JsonValue.Object(row.Members.Select(m => KeyValuePair.Create(
        m.Key,
        DataValue.FromJson(m.Value) is { Type: DataType.Timestamp } time
            ? TypedJson.Encode(DataValue.Timestamp(new Timestamp(time.AsTimestamp.UtcMicros, null))) : m.Value)));

    private static RecordBatch Table(List<JsonValue> rows)
    {
        var names = rows.SelectMany(r => r.Members.Names).Distinct().ToList();
        var batch = new ValueRows(names);
        foreach (var row in rows) Assert.True(batch.TryAdd([.. names.Select(n => Value(row[n]))]));
        return batch.Take().Rows;
    }

    private static object? Value(JsonValue? json)
    {
        if (json is null || DataValue.FromJson(json) is not { } value) return null;
        return value.Type switch
        {
            DataType.Bigint => (long)value.AsInteger,
            DataType.Double => value.AsDouble,
            DataType.Bool => value.AsBool,
            DataType.Date => DateOnly.FromDayNumber(value.AsDays + new DateOnly(1970, 1, 1).DayNumber),
            DataType.Timestamp => DateTime.SpecifyKind(
                DateTime.UnixEpoch.AddTicks(value.AsTimestamp.UtcMicros * TimeSpan.TicksPerMicrosecond),
                value.AsTimestamp.OffsetSeconds is null ? DateTimeKind.Unspecified : DateTimeKind.Utc),
            _ => value.ToString(),
        };
    }
}
