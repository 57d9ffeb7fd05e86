using System.Collections.Frozen;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>
/// The write mode of each disposition and, for merge, of each strategy. A new mode is a line here; destinations register how they publish
/// it.
/// </summary>
internal static class WriteModes
{
    private static readonly FrozenDictionary<(WriteDisposition Disposition, MergeStrategyKind? Strategy), WriteMode> All =
        new Dictionary<(WriteDisposition Disposition, MergeStrategyKind? Strategy), WriteMode>
        {
            [(WriteDisposition.Append, null)] = WriteMode.Append,
            [(WriteDisposition.Replace, null)] = WriteMode.Replace,
            [(WriteDisposition.Merge, null)] = WriteMode.Append,   // without a strategy: rows are appended, with a warning
            [(WriteDisposition.Skip, null)] = WriteMode.Append,    // its rows are refused when they are staged
        }.ToFrozenDictionary();

    /// <summary>Returns the mode of a chain.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="root">Root table of the chain.</param>
    /// <param name="capabilities">Capabilities of the destination.</param>
    /// <exception cref="SchemaException">The table asks for a merge that cannot be done. Nothing was changed.</exception>
    public static WriteMode Of(Schema schema, TableSchema root, DestinationCapabilities capabilities)
    {
        var strategy = capabilities.ResolveMergeStrategy(schema, root)?.Kind;
        if (All.TryGetValue((schema.WriteDispositionOf(root), strategy), out var mode)) return mode;
        var format = capabilities.FormatOf(schema, root).Name();
        throw new SchemaException(
            $"Table '{root.Name}' (table format {format}) asks for merge, which is not built yet for destination "
            + $"'{capabilities.DestinationName}' (strategy {strategy?.Name()}). Nothing of the load was changed. Set WriteDisposition to "
            + "Append or Replace, or choose a table format without merge: its rows are then appended.")
        {
            Table = root.Name,
        };
    }
}
