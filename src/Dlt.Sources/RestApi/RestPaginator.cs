namespace Dlt;

/// <summary>How the next page of an endpoint is found (dlt documentation, REST API source, Pagination).</summary>
public abstract record RestPaginator
{
    private protected RestPaginator()
    {
    }

    /// <summary>Detected in the first answer, as far as that is safe.</summary>
    public sealed record Auto : RestPaginator;

    /// <summary>One request.</summary>
    public sealed record SinglePage : RestPaginator;

    /// <summary>The address of the next page is in the body.</summary>
    /// <param name="NextUrlPath">JSONPath of the address. Relative addresses are resolved.</param>
    public sealed record JsonLink(string NextUrlPath = "next") : RestPaginator;

    /// <summary>The address of the next page is in the header <c>Link</c>.</summary>
    /// <param name="LinksNextKey">Relation of the link.</param>
    public sealed record HeaderLink(string LinksNextKey = "next") : RestPaginator;

    /// <summary>The cursor of the next page is in a header.</summary>
    /// <param name="CursorKey">Name of the header.</param>
    /// <param name="CursorParam">Parameter of the query that gets the cursor.</param>
    public sealed record HeaderCursor(string CursorKey = "next", string CursorParam = "cursor") : RestPaginator;

    /// <summary>
    /// The cursor of the next page is in the body. GraphQL: with <see cref="CursorBodyPath"/>, such as <c>variables.after</c>.
    /// </summary>
    /// <param name="CursorPath">JSONPath of the cursor. The series ends when it is null, empty or missing.</param>
    public sealed record Cursor(string CursorPath = "cursors.next") : RestPaginator
    {
        /// <summary>
        /// Parameter of the query that gets the cursor; null for <c>cursor</c> unless there is <see cref="CursorBodyPath"/>.
        /// </summary>
        public string? CursorParam { get; init; }

        /// <summary>Path in the JSON body that gets the cursor; null for the query.</summary>
        public string? CursorBodyPath { get; init; }

        /// <summary>True to end at a page without records.</summary>
        public bool StopAfterEmptyPage { get; init; }

        /// <summary>JSONPath of a value that tells whether more pages follow; null for none.</summary>
        public string? HasMorePath { get; init; }
    }

    /// <summary>Pages by offset and limit.</summary>
    /// <param name="Limit">Number of records of a page.</param>
    public sealed record Offset(int Limit) : RestPaginator
    {
        /// <summary>Offset of the first page.</summary>
        public int Start { get; init; }

        /// <summary>
        /// Parameter of the query that gets the offset; null for <c>offset</c> unless there is <see cref="OffsetBodyPath"/>.
        /// </summary>
        public string? OffsetParam { get; init; }

        /// <summary>Path in the JSON body that gets the offset; null for the query.</summary>
        public string? OffsetBodyPath { get; init; }

        /// <summary>
        /// Parameter of the query that gets the limit; null for <c>limit</c> unless there is <see cref="LimitBodyPath"/>.
        /// </summary>
        public string? LimitParam { get; init; }

        /// <summary>Path in the JSON body that gets the limit; null for the query.</summary>
        public string? LimitBodyPath { get; init; }

        /// <summary>JSONPath of the number of all records; null when the API does not tell it.</summary>
        public string? TotalPath { get; init; } = "total";

        /// <summary>Offset at which the series ends; null for none.</summary>
        public int? MaximumOffset { get; init; }

        /// <summary>True to end at a page without records.</summary>
        public bool StopAfterEmptyPage { get; init; } = true;

        /// <summary>JSONPath of a value that tells whether more pages follow; null for none.</summary>
        public string? HasMorePath { get; init; }
    }

    /// <summary>Pages by number.</summary>
    public sealed record PageNumber : RestPaginator
    {
        /// <summary>Number of the first page of the API, 0 or 1.</summary>
        public int BasePage { get; init; }

        /// <summary>Number of the page to begin with; null for <see cref="BasePage"/>.</summary>
        public int? Page { get; init; }

        /// <summary>Parameter of the query that gets the number; null for <c>page</c> unless there is <see cref="PageBodyPath"/>.</summary>
        public string? PageParam { get; init; }

        /// <summary>Path in the JSON body that gets the number; null for the query.</summary>
        public string? PageBodyPath { get; init; }

        /// <summary>JSONPath of the number of pages; null when the API does not tell it.</summary>
        public string? TotalPath { get; init; } = "total";

        /// <summary>Number of the last page to read; null for none.</summary>
        public int? MaximumPage { get; init; }

        /// <summary>True to end at a page without records.</summary>
        public bool StopAfterEmptyPage { get; init; } = true;

        /// <summary>JSONPath of a value that tells whether more pages follow; null for none.</summary>
        public string? HasMorePath { get; init; }
    }

    /// <summary>A paginator of your own.</summary>
    /// <param name="Create">Creates the paginator of one series of pages.</param>
    public sealed record Custom(Func<RestPages> Create) : RestPaginator;
}
