using System.Collections.Immutable;

namespace Dlt.Aws;

/// <summary>A data catalog that is registered in Athena (docs/spec/aws-apis.md 2.2, GetDataCatalog).</summary>
/// <param name="Name">Name in queries.</param>
/// <param name="Type">Kind of the catalog: <c>GLUE</c>, <c>LAMBDA</c>, <c>HIVE</c> or <c>FEDERATED</c>.</param>
/// <param name="CatalogId">Account, or catalog in it, whose Data Catalog holds the tables; null if the type is not <c>GLUE</c>.</param>
internal sealed record DataCatalog(string Name, string Type, string? CatalogId)
{
    /// <summary>Name of the catalog of every account, in lower case. It needs no registration and no id.</summary>
    public const string Default = "awsdatacatalog";

    /// <summary>Parameters that name a function of Lambda (Amazon Athena API, CreateDataCatalog).</summary>
    private static readonly ImmutableArray<string> FunctionParameters = ["function", "metadata-function", "record-function"];

    /// <summary>ARNs of the functions of Lambda that serve the catalog; none if the type is <c>GLUE</c>.</summary>
    public ImmutableArray<string> Functions { get; init; } = [];

    /// <summary>
    /// True when functions of Lambda serve the catalog: Athena reads it (<see cref="AthenaMetadata"/>), and only its statements change it.
    /// </summary>
    public bool IsForeign => Type is "HIVE" or "LAMBDA";

    /// <summary>True for the name of the catalog that every account has.</summary>
    public static bool IsDefault(string name) => name.Equals(Default, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the member <c>DataCatalog</c> of a response.</summary>
    /// <param name="name">Name of the catalog.</param>
    /// <param name="json">The member.</param>
    public static DataCatalog Read(string name, JsonValue json)
    {
        var parameters = json["Parameters"];
        return new(name, json["Type"]?.AsString() ?? "", TextOf(parameters?["catalog-id"]))
        {
            Functions = [.. FunctionParameters.Select(p => TextOf(parameters?[p])).OfType<string>().Distinct(StringComparer.Ordinal)],
        };
    }

    private static string? TextOf(JsonValue? value) => value is { Kind: JsonKind.String } ? value.AsString() : null;
}
