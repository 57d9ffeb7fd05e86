namespace Dlt.Sources.Rest;

/// <summary>Pages by numbers that grow: offsets or page numbers.</summary>
internal sealed record RestRange
{
    /// <summary>Name of the paginator.</summary>
    public required string Type { get; init; }

    /// <summary>Number of the first page to read.</summary>
    public required int First { get; init; }

    /// <summary>Number of the first page that the API has.</summary>
    public int Base { get; init; }

    /// <summary>What is added for the next page.</summary>
    public int Step { get; init; } = 1;

    /// <summary>Parameter that gets the number; null for the body.</summary>
    public string? Param { get; init; }

    /// <summary>Path in the body that gets the number; null for the query.</summary>
    public string? BodyPath { get; init; }

    /// <summary>Number of records of a page; null when it is not sent.</summary>
    public int? Limit { get; init; }

    /// <summary>Parameter that gets the limit; null for the body.</summary>
    public string? LimitParam { get; init; }

    /// <summary>Path in the body that gets the limit; null for the query.</summary>
    public string? LimitBodyPath { get; init; }

    /// <summary>JSONPath of the number of records or pages; null for none.</summary>
    public string? TotalPath { get; init; }

    /// <summary>Number, counted from <see cref="Base"/>, at which the series ends; null for none.</summary>
    public int? Maximum { get; init; }

    /// <summary>True to end at a page without records.</summary>
    public bool StopAfterEmptyPage { get; init; }

    /// <summary>JSONPath of a value that tells whether more pages follow; null for none.</summary>
    public string? HasMorePath { get; init; }

    /// <summary>True when the total counts records, so that the records that arrive can be compared with it.</summary>
    public bool CountsRecords => Limit is not null;

    public static RestRange Of(RestPaginator.Offset offset) => new()
    {
        Type = "offset",
        First = offset.Start,
        Step = offset.Limit,
        Param = offset.OffsetBodyPath is null ? offset.OffsetParam ?? "offset" : null,
        BodyPath = offset.OffsetBodyPath,
        Limit = offset.Limit,
        LimitParam = offset.LimitBodyPath is null ? offset.LimitParam ?? "limit" : null,
        LimitBodyPath = offset.LimitBodyPath,
        TotalPath = offset.TotalPath,
        Maximum = offset.MaximumOffset,
        StopAfterEmptyPage = offset.StopAfterEmptyPage,
        HasMorePath = offset.HasMorePath,
    };

    public static RestRange Of(RestPaginator.PageNumber number) => new()
    {
        Type = "page_number",
        First = number.Page ?? number.BasePage,
        Base = number.BasePage,
        Param = number.PageBodyPath is null ? number.PageParam ?? "page" : null,
        BodyPath = number.PageBodyPath,
        TotalPath = number.TotalPath,
        Maximum = number.MaximumPage,
        StopAfterEmptyPage = number.StopAfterEmptyPage,
        HasMorePath = number.HasMorePath,
    };
}
