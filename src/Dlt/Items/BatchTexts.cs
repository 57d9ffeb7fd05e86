using Apache.Arrow;

namespace Dlt.Batches;

/// <summary>What the texts of a batch of items are. It stands in the metadata of the batch's schema, so it outlives the segment.</summary>
internal enum BatchTexts
{
    /// <summary>Values, which become what their column holds where dlt's rules allow it (docs/spec/pipeline.md 3.3).</summary>
    Values,

    /// <summary>
    /// Fields of a file without types: one that its column's type does not read as it is written stays a text
    /// (<see cref="Normalize.Rows.FieldCoercion"/>).
    /// </summary>
    Fields,
}

/// <summary>Reads and writes <see cref="BatchTexts"/>.</summary>
internal static class BatchTextsMetadata
{
    private const string Key = "dlt.texts";
    private const string FieldsValue = "fields";

    public static Dictionary<string, string>? Of(BatchTexts texts) => texts == BatchTexts.Fields ? new() { [Key] = FieldsValue } : null;

    public static BatchTexts Read(Schema schema) =>
        schema.HasMetadata && schema.Metadata.TryGetValue(Key, out var value) && value == FieldsValue
            ? BatchTexts.Fields
            : BatchTexts.Values;
}
