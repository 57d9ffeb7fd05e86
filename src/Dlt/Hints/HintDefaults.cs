using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Hints;

/// <summary>Puts the hints of a resource over defaults.</summary>
internal static class HintDefaults
{
    /// <summary>Returns the hints with what they do not set from the defaults. Columns and properties are merged one by one.</summary>
    public static ResourceHints? Over(ResourceHints? hints, ResourceHints? defaults)
    {
        if (hints is null || defaults is null) return hints ?? defaults;
        var result = hints with
        {
            TableName = hints.TableName ?? defaults.TableName,
            TableNameOf = hints.TableNameOf ?? defaults.TableNameOf,
            Columns = Columns(defaults.Columns, hints.Columns),
            PrimaryKey = OneOf(hints.PrimaryKey, defaults.PrimaryKey),
            MergeKey = OneOf(hints.MergeKey, defaults.MergeKey),
            HardDelete = hints.HardDelete ?? defaults.HardDelete,
            DedupSort = hints.DedupSort ?? defaults.DedupSort,
            Incremental = hints.Incremental ?? defaults.Incremental,
            Nested = OneOf(hints.Nested, defaults.Nested),
            NestedAs = hints.NestedAs == default ? defaults.NestedAs : hints.NestedAs,
            MaxTableNesting = hints.MaxTableNesting ?? defaults.MaxTableNesting,
            SchemaContract = hints.SchemaContract ?? defaults.SchemaContract,
            TableFormat = hints.TableFormat == TableFormat.Default ? defaults.TableFormat : hints.TableFormat,
            Partitions = OneOf(hints.Partitions, defaults.Partitions),
            TableProperties = defaults.TableProperties.SetItems(hints.TableProperties),
            Additional = [.. defaults.Additional.Where(d => !hints.Additional.Any(h => h.Key == d.Key)), .. hints.Additional],
        };
        if (hints.DeclaredDisposition is not null || defaults.DeclaredDisposition is null) return result;
        return result with
        {
            WriteDisposition = defaults.WriteDisposition,
            MergeStrategy = hints.MergeStrategy ?? defaults.MergeStrategy,
        };
    }

    private static ImmutableArray<T> OneOf<T>(ImmutableArray<T> own, ImmutableArray<T> other) => own.IsDefaultOrEmpty ? other : own;

    private static ImmutableArray<ColumnSchema> Columns(ImmutableArray<ColumnSchema> defaults, ImmutableArray<ColumnSchema> own)
    {
        var merged = defaults.ToList();
        foreach (var column in own)
        {
            var known = merged.FindIndex(c => c.Name == column.Name);
            if (known < 0) merged.Add(column);
            else merged[known] = merged[known].MergedWith(column);
        }

        return [.. merged];
    }
}
