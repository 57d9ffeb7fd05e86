namespace Dlt.Schemas;

/// <summary>Converts hints to their names in stored schemas, and back.</summary>
internal static class HintText
{
    private static readonly string[] Dispositions = ["append", "replace", "merge", "skip"];
    private static readonly string[] Formats = ["", "native", "hive", "iceberg", "delta"];
    private static readonly string[] Strategies = ["delete-insert", "upsert", "cdc", "scd2", "insert-only"];

    /// <summary>Returns the stored name of a write disposition, such as <c>append</c>.</summary>
    public static string Name(this WriteDisposition disposition) => Dispositions[(int)disposition];

    /// <summary>Returns the stored name of a table format, such as <c>iceberg</c>; empty for the destination's own format.</summary>
    public static string Name(this TableFormat format) => Formats[(int)format];

    /// <summary>Returns the stored name of a merge strategy, such as <c>delete-insert</c>.</summary>
    public static string Name(this MergeStrategyKind kind) => Strategies[(int)kind];

    /// <summary>Parses the stored name of a merge strategy.</summary>
    public static bool TryParse(string? name, out MergeStrategyKind kind) => TryParse(Strategies, name, out kind);

    /// <summary>Parses a stored write disposition; null when none is stored.</summary>
    /// <exception cref="SchemaException">The name is unknown.</exception>
    public static WriteDisposition? Disposition(JsonValue? stored, string table) => stored is not { Kind: JsonKind.String } word ? null
        : TryParse(Dispositions, word.AsString(), out WriteDisposition disposition) ? disposition
        : throw Unknown(table, HintNames.WriteDisposition, word, Dispositions);

    /// <summary>Parses a stored table format.</summary>
    /// <exception cref="SchemaException">The name is unknown.</exception>
    public static TableFormat Format(JsonValue? stored, string table) => stored is not { Kind: JsonKind.String } word ? TableFormat.Default
        : TryParse(Formats, word.AsString(), out TableFormat format) ? format
        : throw Unknown(table, HintNames.TableFormat, word, Formats[1..]);

    private static bool TryParse<T>(string[] words, string? word, out T value) where T : struct, Enum
    {
        var at = Array.IndexOf(words, word);
        value = (T)Enum.ToObject(typeof(T), Math.Max(at, 0));
        return at >= 0;
    }

    private static SchemaException Unknown(string table, string hint, JsonValue word, string[] known) =>
        new($"Table '{table}' has the {hint} {word}, which is unknown. Nothing was loaded. Use one of {string.Join(", ", known)}.")
        {
            Table = table,
        };
}
