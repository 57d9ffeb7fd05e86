using Dlt.Golden.Differences;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Golden.Pipelines;

/// <summary>A write disposition of a case: a word, or an object with options that the table's schema keeps.</summary>
/// <param name="Disposition">The disposition.</param>
/// <param name="Strategy">The strategy that the case states, with its options; null when it states none.</param>
/// <param name="Options">Properties of the table where no strategy is stated.</param>
internal sealed record CaseDisposition(
    WriteDisposition Disposition, MergeStrategy? Strategy, IReadOnlyList<KeyValuePair<string, JsonValue>> Options)
{
    private static readonly string[] Times = ["active_record_timestamp", "boundary_timestamp"];

    private static readonly Dictionary<string, string> HintsOfOptions = new()
    {
        ["deduplicated"] = HintNames.Deduplicated,
        ["source_filter"] = HintNames.SourceFilter,
        ["destination_scope"] = HintNames.DestinationScope,
        ["skip_unchanged_rows"] = HintNames.SkipUnchangedRows,
    };

    public static CaseDisposition? Of(JsonValue? disposition)
    {
        if (disposition is null or { Kind: JsonKind.Null }) return null;
        if (disposition.Kind != JsonKind.Object) return new(Parse(disposition), null, []);
        var word = Parse(disposition["disposition"]!);
        var options = disposition.Without("disposition").Without("strategy").Members;
        if (disposition["strategy"] is { Kind: JsonKind.String } strategy)
        {
            var typed = StrategyOf(strategy.AsString(), new CaseOptions(options));
            if (!Times.Any(t => disposition[t] is { Kind: JsonKind.String })) return new(word, typed, []);
            var stored = MergeStrategyHints.Declare(new("t"), typed).ToJson();
            return new(word, null, [.. WithTexts(stored, disposition).Members.Where(m => m.Key[0] == 'x')])
            {
                Columns = [.. CaseResources.Columns(WithTexts(stored["columns"]!, disposition))],
            };
        }

        return new(word, null, [.. options.Select(o => KeyValuePair.Create(
            HintsOfOptions.GetValueOrDefault(o.Key) ?? throw CaseOptions.NotDriven(o.Key), o.Value))]);
    }

    /// <summary>
    /// Columns of a strategy in the form of the schema; none where <see cref="Strategy"/> is stated. dlt stores a time that is given as a
    /// text as it is, so a case with such texts declares hints instead of a typed strategy.
    /// </summary>
    public IReadOnlyList<ColumnSchema> Columns { get; private init; } = [];

    /// <summary>Adds the columns of the strategy after those of the resource and its keys, where a typed strategy has them.</summary>
    public IEnumerable<ColumnSchema> Declare(IEnumerable<ColumnSchema> declared, IEnumerable<string> keys)
    {
        var columns = declared.ToList();
        if (Columns.Count == 0) return columns;
        columns.AddRange(keys.Where(k => !columns.Exists(c => c.Name == k)).Select(k => new ColumnSchema(k)));
        foreach (var column in Columns)
        {
            var known = columns.FindIndex(c => c.Name == column.Name);
            if (known < 0) columns.Add(column);
            else columns[known] = columns[known].MergedWith(column);
        }

        return columns;
    }

    /// <summary>Puts the times as they are given in the place of their typed form.</summary>
    private static JsonValue WithTexts(JsonValue stored, JsonValue disposition) => GoldenJson.Map(stored, json =>
        json.Kind != JsonKind.Object || (json[HintNames.ActiveRecordTimestamp] is null && json[HintNames.BoundaryTimestamp] is null) ? null
        : JsonValue.Object(json.Members.Select(m => m.Key switch
        {
            HintNames.ActiveRecordTimestamp => KeyValuePair.Create(m.Key, disposition[Times[0]] ?? m.Value),
            HintNames.BoundaryTimestamp => KeyValuePair.Create(m.Key, disposition[Times[1]] ?? m.Value),
            _ => m,
        })));

    private static MergeStrategy StrategyOf(string name, CaseOptions options)
    {
        if (!HintText.TryParse(name, out var kind)) throw new NotDrivenException($"the strategy '{name}'");
        MergeStrategy strategy = kind switch
        {
            MergeStrategyKind.DeleteInsert => new MergeStrategy.DeleteInsert
            {
                IsDeduplicated = options.Flag("deduplicated"),
                SourceFilter = options.Text("source_filter"),
                DestinationScope = options.Text("destination_scope"),
            },
            MergeStrategyKind.Upsert => new MergeStrategy.Upsert
            {
                SourceFilter = options.Text("source_filter"),
                SkipUnchangedRows = options.Flag("skip_unchanged_rows"),
                RowVersionColumn = options.Text("row_version_column_name"),
            },
            MergeStrategyKind.Cdc => new MergeStrategy.Cdc
            {
                SourceFilter = options.Text("source_filter"),
                DestinationScope = options.Text("destination_scope"),
                SkipUnchangedRows = options.Flag("skip_unchanged_rows"),
                RowVersionColumn = options.Text("row_version_column_name"),
            },
            MergeStrategyKind.Scd2 => Scd2(options),
            _ => new MergeStrategy.InsertOnly(),
        };
        options.CheckRead();
        return strategy;
    }

    private static MergeStrategy.Scd2 Scd2(CaseOptions options)
    {
        var defaults = new MergeStrategy.Scd2();
        var validity = options.Names("validity_column_names");
        return new()
        {
            ValidFromColumn = validity.ElementAtOrDefault(0) ?? defaults.ValidFromColumn,
            ValidToColumn = validity.ElementAtOrDefault(1) ?? defaults.ValidToColumn,
            ActiveRecordTimestamp = options.Time("active_record_timestamp"),
            BoundaryTimestamp = options.Time("boundary_timestamp"),
            RowVersionColumn = options.Text("row_version_column_name") ?? defaults.RowVersionColumn,
            SourceFilter = options.Text("source_filter"),
            DestinationScope = options.Text("destination_scope"),
        };
    }

    private static WriteDisposition Parse(JsonValue word) => Enum.Parse<WriteDisposition>(word.AsString(), ignoreCase: true);
}
