namespace Dlt.Iceberg;

/// <summary>
/// Metrics modes of the columns from the table's properties <c>write.metadata.metrics.*</c> (Java: MetricsConfig). Columns after the first
/// hundred have no metrics unless a property names them or the table is sorted by them.
/// </summary>
internal sealed class MetricsConfig
{
    public const string ColumnPrefix = "write.metadata.metrics.column.";

    private const string DefaultProperty = "write.metadata.metrics.default";
    private const string MaxInferred = "write.metadata.metrics.max-inferred-column-defaults";
    private const int DefaultMaxInferred = 100;
    private const int FooterWidth = 16;   // the encoder's footers have 64 bytes, and a character has up to four

    private readonly Dictionary<int, MetricsMode> _modes = [];

    public MetricsConfig(TableMetadata metadata)
    {
        var schema = metadata.CurrentSchema;
        var columns = schema.AllFields.Where(f => f.Field.Type is PrimitiveType);
        List<(NestedField Field, string FullName)> leaves = [.. columns.OrderBy(f => schema.PathTo(f.Field.Id)!.Count)];
        var isGeneral = metadata.Properties.ContainsKey(DefaultProperty);
        var general = General(metadata);
        var maxInferred = metadata.Number(MaxInferred) ?? DefaultMaxInferred;
        var sorted = metadata.DefaultSortOrder.Fields.Select(f => f.SourceId).ToHashSet();
        for (var i = 0; i < leaves.Count; i++)
        {
            var (field, name) = leaves[i];
            var mode = isGeneral || i < maxInferred ? general : MetricsMode.None;
            // A sort order is useful only with bounds.
            if (sorted.Contains(field.Id) && !mode.HasBounds) mode = MetricsMode.Default;
            _modes[field.Id] = MetricsMode.TryParse(metadata.Properties.GetValueOrDefault(ColumnPrefix + name)) ?? mode;
        }
    }

    /// <summary>False for an unknown mode.</summary>
    public static bool IsSupported(string columnMode) => MetricsMode.TryParse(columnMode) is not null;

    /// <summary>True if a text or binary column keeps longer bounds than the statistics of a Parquet footer have.</summary>
    public bool KeepsLongBounds(int fieldId, PrimitiveType type) =>
        type.Kind is PrimitiveKind.String or PrimitiveKind.Binary && Of(fieldId) is { Width: null or > FooterWidth };

    public MetricsMode Of(int fieldId) => _modes.TryGetValue(fieldId, out var mode) ? mode : MetricsMode.Default;

    /// <summary>
    /// The file for a manifest: without unwanted counts and bounds, and with shortened bounds. Column sizes are kept, as in Java.
    /// </summary>
    /// <param name="file">File with all known metrics.</param>
    /// <param name="schema">Schema with the types of the columns.</param>
    public DataFile Applied(DataFile file, Schema schema) => file with
    {
        ValueCounts = Counts(file.ValueCounts),
        NullValueCounts = Counts(file.NullValueCounts),
        NanValueCounts = Counts(file.NanValueCounts),
        LowerBounds = Cut(file.LowerBounds, schema, Bounds.Lower),
        UpperBounds = Cut(file.UpperBounds, schema, Bounds.Upper),
    };

    private static MetricsMode General(TableMetadata metadata) =>
        MetricsMode.TryParse(metadata.Properties.GetValueOrDefault(DefaultProperty)) ?? MetricsMode.Default;

    private Dictionary<int, long>? Counts(IReadOnlyDictionary<int, long>? counts) => counts?.Where(c => Of(c.Key).HasCounts).ToDictionary();

    private Dictionary<int, byte[]>? Cut(IReadOnlyDictionary<int, byte[]>? bounds, Schema schema, Func<object, int, object?> cut)
    {
        if (bounds is null) return null;
        var result = new Dictionary<int, byte[]>();
        foreach (var (id, bytes) in bounds)
        {
            var mode = Of(id);
            if (!mode.HasBounds) continue;
            var type = schema.Find(id)?.Type as PrimitiveType;
            if (mode.Width is { } width && bytes.Length > width && type is { Kind: PrimitiveKind.String or PrimitiveKind.Binary })
            {
                if (SingleValue.TryDecode(type, bytes, out var value) && cut(value!, width) is { } shorter)
                    result[id] = SingleValue.Encode(type, shorter)!;
                continue;
            }

            result[id] = bytes;
        }

        return result;
    }
}
