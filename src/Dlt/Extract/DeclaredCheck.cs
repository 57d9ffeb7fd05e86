using Dlt.Destinations;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>
/// Checks the declarations of a source against the destination before anything is extracted. A refused run leaves no package, so the
/// corrected program can simply run again.
/// </summary>
/// <param name="pipeline">Pipeline that runs.</param>
/// <param name="destination">Dataset of the source's schema.</param>
internal sealed class DeclaredCheck(PipelineContext pipeline, IDestinationClient destination)
{
    /// <summary>Checks files, declared tables and the destination.</summary>
    /// <param name="source">Source to check.</param>
    /// <param name="schema">Schema of the source. The declared tables are added to it.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="DltException">A declaration, a file or the destination does not allow the load. Nothing was extracted.</exception>
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
        List<TableSchema> tables = [.. names.Select(schema.Table)];
        TableSupport.Check(schema, tables, pipeline.Capabilities);
        await destination.CheckAsync(schema, tables, dropsTables, cancellationToken).ConfigureAwait(false);
    }

    private static void CheckFile(Resource resource)
    {
        if (resource.Files.Count == 0) return;
        if (resource.Hints.Incremental is not null)
        {
            throw new DltException(
                $"Resource '{resource.Name}' is a file that is read in place, so it cannot have an incremental cursor. "
                + "Nothing was extracted. Read the file in a generator, or leave the cursor out.");
        }

        foreach (var file in resource.Files) FileReference.Check(file);
    }

    /// <returns>Normalized names of the resource's table and of the nested tables that it has hints for.</returns>
    private static IEnumerable<string> Declare(DeclaredTables declared, Resource resource, Schema schema)
    {
        try
        {
            if (declared.Declare(resource, resource.Hints.TableName ?? resource.Name) is not { } name) return [];
            var nested = resource.Hints.Nested.Select(n => n.ToTable(schema, resource.Name, name).Name);
            return [name, .. nested.Where(n => schema.TryGetTable(n, out _))];
        }
        catch (SchemaContractException)
        {
            return [];   // only rows can break a contract, and the run may have none
        }
    }
}
