using System.Collections.Immutable;

namespace Dlt.Cli.OpenApi;

/// <summary>What an OpenAPI document says of an API, as far as a source needs it.</summary>
/// <param name="Title">Title of the API.</param>
/// <param name="BaseUrl">Its address; null when the document has none.</param>
/// <param name="Auth">Its authentication.</param>
/// <param name="Resources">Its lists, parents before children.</param>
/// <param name="LeftOut">GET operations that are no resource, each with the reason.</param>
internal sealed record ApiModel(
    string Title, string? BaseUrl, ApiAuth Auth, ImmutableArray<ApiResource> Resources, ImmutableArray<string> LeftOut);

/// <summary>Authentication as code, with the names of its secrets.</summary>
/// <param name="Code">The expression; null for none.</param>
/// <param name="Secrets">Keys below <c>sources.NAME.credentials</c>.</param>
/// <param name="Note">What a user should check; null for nothing.</param>
internal sealed record ApiAuth(string? Code, ImmutableArray<string> Secrets, string? Note = null);

/// <summary>A list of the API.</summary>
internal sealed record ApiResource
{
    public required string Name { get; init; }

    /// <summary>Path of the document, with <c>{name}</c> for its parameters.</summary>
    public required string Template { get; init; }

    /// <summary>Path for the source, with fields of parents.</summary>
    public required string Path { get; init; }

    /// <summary>Where the records are; null for a list that is the whole answer.</summary>
    public string? Selector { get; init; }

    public required ApiRecord Record { get; init; }

    /// <summary>The parent and the field of its record that the path needs; null for a list of its own.</summary>
    public (ApiResource Resource, string Field)? Parent { get; init; }

    /// <summary>Parameters of the query, as code.</summary>
    public ImmutableArray<(string Name, string Code)> Params { get; init; } = [];

    /// <summary>The paginator as code; null to detect it.</summary>
    public string? Paginator { get; init; }

    /// <summary>True when values are missing without which the API refuses requests.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>What a user should check or fill in.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>Records of a list.</summary>
/// <param name="Key">Field that identifies a record; null for none.</param>
/// <param name="Fields">Names of the fields that have a plain value.</param>
/// <param name="Columns">Declared columns, as code.</param>
internal sealed record ApiRecord(string? Key, ImmutableArray<string> Fields, ImmutableArray<string> Columns);
