using Dlt.Destinations;
using Dlt.Normalize.Contracts;
using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>
/// What a source declares and the destination cannot hold is refused before anything is extracted: no package is left, and a
/// corrected program just runs.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="destination">The dataset of the source's schema.</param>
internal sealed class DeclaredCheck(PipelineContext pipeline, IDestinationClient destination)
{
    /// <param name="source">The source.</param>
    /// <param name="schema">Its schema; gets the declared tables.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="DltException">A declaration, a file or the destination is at fault. Nothing was extracted.</exception>
    public async Task RunAsync(Source source, Schema schema, CancellationToken cancellationToken)
    {
        var declared = new DeclaredTables(source, schema, new CurrentHints(schema), pipeline.Capabilities, pipeline.RunContract);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in source.Resources.Where(r => r.IsSelected))
        {
            CheckFile(resource);
            if (resource.Hints.TableNameOf is null) names.UnionWith(Declare(declared, resource, schema));
        }

        var dropsTables = pipeline.Refresh is RefreshMode.DropSources or RefreshMode.DropResources;
        await destination.CheckAsync(schema, [.. names.Select(schema.Table)], dropsTables, cancellationToken).ConfigureAwait(false);
    }

    private static void CheckFile(Resource resource)
    {
        if (resource.Files.Count == 0) return;
        if (resource.Hints.Incremental is not null)
        {
            throw new DltException(
                $"Resource '{resource.Name}' is a file that is read in place, so it cannot have an incremental cursor. Nothing was "
                    + "extracted. "
                + "Read the file in a generator, or leave the cursor out.");
        }

        foreach (var file in resource.Files) FileReference.Check(file);
    }

    /// <returns>Identifiers of the resource's table and of the nested ones that it has hints for.</returns>
    private static IEnumerable<string> Declare(DeclaredTables declared, Resource resource, Schema schema)
    {
        try
        {
            if (declared.Declare(resource, resource.Hints.TableName ?? resource.Name) is not { } name) return [];
            return [name, .. resource.Hints.Nested.Select(n => n.ToTable(schema, resource.Name, name).Name)
                .Where(n => schema.TryGetTable(n, out _))];
        }
        catch (SchemaContractException)
        {
            return [];   // a contract is broken by rows, and there may be none
        }
    }
}
