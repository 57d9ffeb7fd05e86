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
    public static CaseDisposition? Of(JsonValue? disposition)
    {
        if (disposition is null or { Kind: JsonKind.Null }) return null;
        if (disposition.Kind != JsonKind.Object) return new(Parse(disposition), null, []);
        var word = Parse(disposition["disposition"]!);
        var options = disposition.Without("disposition").Without("strategy").Members;
        if (disposition["strategy"] is { Kind: JsonKind.String } strategy) return new(word, StrategyOf(strategy.AsString(), options), []);
        return new(word, null, [.. options.Select(o => KeyValuePair.Create(
            o.Key == "deduplicated" ? HintNames.Deduplicated : throw NotDriven(o.Key), o.Value))]);
    }

    private static MergeStrategy StrategyOf(string name, JsonMembers options)
    {
        if (!HintText.TryParse(name, out var kind)) throw new NotDrivenException($"the strategy '{name}'");
        string? Text(string option) => options.TryGet(option, out var text) && !text.IsNull ? text.AsString() : null;
        bool Flag(string option) => options.TryGet(option, out var flag) && flag.Kind == JsonKind.True;
        void Check(params string[] known)
        {
            if (options.Names.FirstOrDefault(n => !known.Contains(n)) is { } unknown) throw NotDriven(unknown);
        }

        switch (kind)
        {
            case MergeStrategyKind.DeleteInsert:
                Check("deduplicated");
                return new MergeStrategy.DeleteInsert { IsDeduplicated = Flag("deduplicated") };
            case MergeStrategyKind.Upsert:
                Check("skip_unchanged_rows", "row_version_column_name");
                return new MergeStrategy.Upsert
                { SkipUnchangedRows = Flag("skip_unchanged_rows"), RowVersionColumn = Text("row_version_column_name") };
            case MergeStrategyKind.Cdc:
                Check("skip_unchanged_rows", "row_version_column_name");
                return new MergeStrategy.Cdc
                { SkipUnchangedRows = Flag("skip_unchanged_rows"), RowVersionColumn = Text("row_version_column_name") };
            case MergeStrategyKind.Scd2:
                Check("row_version_column_name");
                var defaults = new MergeStrategy.Scd2();
                return defaults with { RowVersionColumn = Text("row_version_column_name") ?? defaults.RowVersionColumn };
            default:
                Check();
                return new MergeStrategy.InsertOnly();
        }
    }

    private static NotDrivenException NotDriven(string option) => new($"the member 'write_disposition.{option}'");

    private static WriteDisposition Parse(JsonValue word) => Enum.Parse<WriteDisposition>(word.AsString(), ignoreCase: true);
}
