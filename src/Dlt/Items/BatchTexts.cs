using Apache.Arrow;

namespace Dlt.Items;

/// <summary>
/// Meaning of the texts in a batch of items. It is stored in the metadata of the batch's schema, which is kept with the segment.
/// </summary>
internal enum BatchTexts
{
    /// <summary>
    /// The texts are values, which are converted to the type of their column where dlt's rules allow it (docs/spec/pipeline.md 3.3).
    /// </summary>
    Values,

    /// <summary>
    /// The texts are fields of a file without types, such as CSV. A field that the column's type would write differently stays a text
    /// (<see cref="Normalize.Coercion.FieldCoercion"/>).
    /// </summary>
    Fields,
}

/// <summary>Reads and writes <see cref="BatchTexts"/> in the metadata of an Arrow schema.</summary>
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
