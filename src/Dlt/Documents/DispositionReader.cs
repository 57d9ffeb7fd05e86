using System.Globalization;

namespace Dlt.Documents;

/// <summary>Reads a write disposition: a word, or an object with a merge strategy and its options.</summary>
internal static class DispositionReader
{
    public static readonly Dictionary<string, WriteDisposition> Words = new()
    {
        ["append"] = WriteDisposition.Append,
        ["replace"] = WriteDisposition.Replace,
        ["merge"] = WriteDisposition.Merge,
        ["skip"] = WriteDisposition.Skip,
    };

    private static readonly Dictionary<string, Func<DocumentNode, MergeStrategy>> Strategies = new()
    {
        ["delete-insert"] = node => new MergeStrategy.DeleteInsert
        {
            IsDeduplicated = Options(node, "deduplicated")["deduplicated"]?.Bool() ?? false,
        },
        ["upsert"] = node => new MergeStrategy.Upsert
        {
            SkipUnchangedRows = Options(node, "skip_unchanged_rows", "row_version_column_name")["skip_unchanged_rows"]?.Bool() ?? false,
            RowVersionColumn = node["row_version_column_name"]?.Text(),
        },
        ["scd2"] = Scd2,
        ["insert-only"] = InsertOnly,
    };

    /// <summary>Returns the hints with the disposition and its strategy.</summary>
    public static ResourceHints Read(DocumentNode node, ResourceHints hints)
    {
        if (!node.IsObject) return hints with { WriteDisposition = node.Word(Words) };
        var result = hints with { WriteDisposition = node.Required("disposition").Word(Words) };
        if (node["strategy"] is { } strategy) return result with { MergeStrategy = strategy.Word(Strategies)(node) };
        Options(node);
        return result;
    }

    private static MergeStrategy.InsertOnly InsertOnly(DocumentNode node)
    {
        Options(node);
        return new();
    }

    private static MergeStrategy.Scd2 Scd2(DocumentNode node)
    {
        Options(node, "validity_column_names", "active_record_timestamp", "boundary_timestamp", "row_version_column_name");
        var defaults = new MergeStrategy.Scd2();
        var names = node["validity_column_names"]?.Texts() ?? [];
        return new MergeStrategy.Scd2
        {
            ValidFromColumn = names.Length > 0 ? names[0] : defaults.ValidFromColumn,
            ValidToColumn = names.Length > 1 ? names[1] : defaults.ValidToColumn,
            ActiveRecordTimestamp = Time(node["active_record_timestamp"]),
            BoundaryTimestamp = Time(node["boundary_timestamp"]),
            RowVersionColumn = node["row_version_column_name"]?.Text() ?? defaults.RowVersionColumn,
        };
    }

    private static DocumentNode Options(DocumentNode node, params string[] options) => node.Object(["disposition", "strategy", .. options]);

    private static DateTimeOffset? Time(DocumentNode? node)
    {
        if (node is null) return null;
        return DateTimeOffset.TryParse(node.Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw node.Wrong("a time, such as 2024-12-31T00:00:00Z,");
    }
}
