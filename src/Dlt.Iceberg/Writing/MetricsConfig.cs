namespace Dlt.Iceberg;

/// <summary>
/// What the table's properties <c>write.metadata.metrics.*</c> say of each column (Java: MetricsConfig). Columns beyond the first hundred
/// have no metrics unless a property names them, or the table is sorted by them.
/// </summary>
internal sealed class MetricsConfig
{
    public const string ColumnPrefix = "write.metadata.metrics.column.";

    private const string DefaultProperty = "write.metadata.metrics.default";
    private const string MaxInferred = "write.metadata.metrics.max-inferred-column-defaults";
    private const int DefaultMaxInferred = 100;

    private readonly Dictionary<int, MetricsMode> _modes = [];

    public MetricsConfig(TableMetadata metadata)
    {
        var schema = metadata.CurrentSchema;
        var columns = schema.AllFields.Where(f => f.Field.Type is PrimitiveType);
        List<(NestedField Field, string FullName)> leaves = [.. columns.OrderBy(f => schema.PathTo(f.Field.Id)!.Count)];
        var isGeneral = metadata.Properties.ContainsKey(DefaultProperty);
        var general = General(metadata);
        var most = metadata.Number(MaxInferred) ?? DefaultMaxInferred;
        var sorted = metadata.DefaultSortOrder.Fields.Select(f => f.SourceId).ToHashSet();
        for (var i = 0; i < leaves.Count; i++)
        {
            var (field, name) = leaves[i];
            var mode = isGeneral || i < most ? general : MetricsMode.None;
            // The order of the rows is of use only with bounds.
            if (sorted.Contains(field.Id) && !mode.HasBounds) mode = MetricsMode.Default;
            _modes[field.Id] = MetricsMode.TryParse(metadata.Properties.GetValueOrDefault(ColumnPrefix + name)) ?? mode;
        }
    }

    /// <summary>False for a mode that is not known, or that wants longer bounds than those of all columns: these are cut already.</summary>
    public static bool CanObey(string columnMode, TableMetadata metadata)
    {
        if (MetricsMode.TryParse(columnMode) is not { } mode) return false;
        var known = BoundsWidth(metadata);
        return mode.Width is { } width ? width <= (known ?? int.MaxValue) : known is null;
    }

    /// <summary>
    /// Characters or bytes that are kept of each bound, before the modes of the columns are applied; null for whole ones.
    /// </summary>
    public static int? BoundsWidth(TableMetadata metadata)
    {
        var general = General(metadata);
        return general.HasBounds ? general.Width : MetricsMode.Default.Width;
    }

    public MetricsMode Of(int fieldId) => _modes.TryGetValue(fieldId, out var mode) ? mode : MetricsMode.Default;

    /// <summary>The file as a manifest is to describe it: counts and bounds that are not wanted are left out, long bounds are cut. Sizes
    /// stay, as in Java.</summary>
    /// <param name="file">With all metrics that are known.</param>
    /// <param name="schema">Types of the columns.</param>
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
