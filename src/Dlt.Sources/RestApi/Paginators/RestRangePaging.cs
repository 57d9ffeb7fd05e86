using System.Globalization;
using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>Pages by offset and limit, or by number.</summary>
/// <param name="range">Names and limits.</param>
/// <param name="warn">Gets what a user should know.</param>
internal sealed class RestRangePaging(RestRange range, Action<string> warn) : RestPaging
{
    private readonly CursorPath? _total = range.TotalPath is null ? null : Path(range.TotalPath);
    private readonly RestPageFlag _more = new(range.HasMorePath);
    private long _current = range.First;
    private long _base = range.Base;
    private long _records;

    /// <inheritdoc/>
    public override string Title => $"the paginator '{range.Type}'"
        + (range.TotalPath is { } total ? $" (total_path '{total}')" : "");

    /// <inheritdoc/>
    public override bool HasMaximum => range.Maximum is not null;

    /// <inheritdoc/>
    public override void Begin(RestRequest request)
    {
        Put(request, range.Param, range.BodyPath, _current);
        if (range.Limit is { } limit) Put(request, range.LimitParam, range.LimitBodyPath, limit);
    }

    /// <summary>Counts pages from another number than was thought.</summary>
    public void CountFrom(long first) => _base = first;

    /// <inheritdoc/>
    public override bool Next(RestPage page, RestRequest request)
    {
        _records += page.Count;
        if (range.StopAfterEmptyPage && page.Count == 0) return End(_total is null ? null : LongOf(page.Find(_total)));
        long? total = _total is null ? null : Total(page.Find(_total));
        var hasMore = _more.Read(page);
        _current += Step(page, total);
        if (_current >= range.Maximum + _base) return false;
        if (_current >= total + _base || !hasMore) return End(total);
        Put(request, range.Param, range.BodyPath, _current);
        return true;
    }

    /// <summary>
    /// Returns what leads to the next page: the limit, or the records that arrived when the API gives fewer than asked for although its
    /// total says that there are more.
    /// </summary>
    private long Step(RestPage page, long? total)
    {
        var isShort = range.CountsRecords && total is not null && page.Count > 0 && page.Count < range.Step;
        return isShort && _current + page.Count < total ? page.Count : range.Step;
    }

    private bool End(long? total)
    {
        if (range.CountsRecords && range.First + _records < total)
        {
            warn(FormattableString.Invariant($"The API says that there are {total} records ('{range.TotalPath}'), and {_records} ")
                + FormattableString.Invariant($"arrived from offset {range.First} on."));
        }

        return false;
    }

    private long Total(JsonValue? value)
    {
        if (LongOf(value) is { } total) return total;
        var what = value is null or { IsNull: true } ? "is missing in the answer" : $"is {value}, which is no number";
        throw new DltException(
            $"The total at '{range.TotalPath}' (total_path of the paginator '{range.Type}') {what}. "
            + "Nothing of this run was loaded, and the state is as before. "
            + "Give the path of the total, or set total_path to null when the API has none: an empty page then ends the series.");
    }

    private static long? LongOf(JsonValue? value) => value switch
    {
        { Kind: JsonKind.Integer } => value.TryGetInt64(out var number) ? number : long.MaxValue / 2,
        { Kind: JsonKind.Real } => (long)Math.Clamp(value.AsDouble(), -1, 1e15),
        { Kind: JsonKind.String } when long.TryParse(value.AsString().Trim(), CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static void Put(RestRequest request, string? param, string? bodyPath, long value)
    {
        if (bodyPath is not null) request.Json = RestBodyPath.Set(request.Json, bodyPath, JsonValue.Integer(value));
        else request.Params[param!] = JsonValue.Integer(value);
    }
}
