using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>The cursor of the next page is in the body.</summary>
internal sealed class RestCursorPaging(RestPaginator.Cursor cursor) : RestPaging
{
    private readonly CursorPath _path = Path(cursor.CursorPath);
    private readonly RestPageFlag _more = new(cursor.HasMorePath);

    /// <inheritdoc/>
    public override string Title => $"the paginator 'cursor' (cursor_path '{cursor.CursorPath}', "
        + (cursor.CursorBodyPath is { } path ? $"cursor_body_path '{path}')" : $"cursor_param '{cursor.CursorParam ?? "cursor"}')");

    /// <inheritdoc/>
    public override bool Next(RestPage page, RestRequest request)
    {
        if (cursor.StopAfterEmptyPage && page.Count == 0) return false;
        var hasMore = _more.Read(page);
        if (page.Find(_path) is not { } next || IsEmpty(next) || !hasMore) return false;
        if (cursor.CursorBodyPath is { } path) request.Json = RestBodyPath.Set(request.Json, path, next);
        else request.Params[cursor.CursorParam ?? "cursor"] = InQuery(next);
        return true;
    }

    /// <summary>Returns whether a value says that there is no next page, as Python sees it: null, false, 0, and what is empty.</summary>
    public static bool IsEmpty(JsonValue value) => value.Kind switch
    {
        JsonKind.Null or JsonKind.False => true,
        JsonKind.String => value.AsString().Length == 0,
        JsonKind.Integer => value.TryGetInt64(out var number) && number == 0,
        JsonKind.Real => value.AsDouble() == 0,
        JsonKind.Array => value.Items.Length == 0,
        JsonKind.Object => value.Members.Count == 0,
        _ => false,
    };

    /// <summary>A list is one value, not a parameter for each element.</summary>
    private static JsonValue InQuery(JsonValue value) => value.Kind == JsonKind.Array ? JsonValue.String(value.ToString()) : value;
}

/// <summary>The cursor of the next page is in a header.</summary>
internal sealed class RestHeaderCursorPaging(RestPaginator.HeaderCursor cursor) : RestPaging
{
    /// <inheritdoc/>
    public override string Title => $"the paginator 'header_cursor' (cursor_key '{cursor.CursorKey}', cursor_param '{cursor.CursorParam}')";

    /// <inheritdoc/>
    public override bool Next(RestPage page, RestRequest request)
    {
        if (!page.Answer.Headers.NonValidated.TryGetValues(cursor.CursorKey, out var values)) return false;
        var next = values.ToString();
        if (next.Length == 0) return false;
        request.Params[cursor.CursorParam] = JsonValue.String(next);
        return true;
    }
}
