using Microsoft.OpenApi;

namespace Dlt.Cli.OpenApi;

/// <summary>Suggests incremental loading where a parameter asks for what changed since a time.</summary>
internal static class Incrementals
{
    private static readonly string[] Starts =
    [
        "since", "updated_since", "updated_after", "modified_since", "modified_after", "updated_at_min", "updated_min", "updated_at_gte",
        "updated_gte", "changed_since", "last_modified_after",
    ];

    private static readonly string[] Cursors =
        ["updated_at", "modified_at", "updated", "modified", "last_modified", "last_updated", "updated_on", "modified_on", "changed_at"];

    /// <summary>Adds a note to a resource whose API can be asked for changes.</summary>
    public static ApiResource Suggest(ApiResource resource, IEnumerable<IOpenApiParameter> parameters)
    {
        var start = parameters.FirstOrDefault(p => Starts.Contains(Names.Snake(p.Name ?? "")));
        var cursor = Cursors.Select(c => resource.Record.Fields.FirstOrDefault(f => Names.Snake(f) == c))
            .FirstOrDefault(f => f is not null);
        if (start is null || cursor is null) return resource;
        return resource with
        {
            Notes = resource.Notes.Add($"To load changes only: Incremental = new(new({Names.Literal(cursor)}) {{ InitialValue = "
                + $"\"2024-01-01T00:00:00Z\" }}) {{ StartParam = {Names.Literal(start.Name!)} }}, in the endpoint."),
        };
    }
}
