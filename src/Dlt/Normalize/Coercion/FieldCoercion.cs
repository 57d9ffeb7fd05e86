using Dlt.Batches.Building;
using Dlt.Types;

namespace Dlt.Normalize.Coercion;

/// <summary>
/// Decides which fields of an untyped file become the type of a column: those that are written like values of that type. Other fields keep
/// their text, in a variant column. dlt's rules for values (<see cref="Coercion"/>) would read <c>01234</c> as 1234 and <c>yes</c> as true.
/// </summary>
internal static class FieldCoercion
{
    /// <summary>Returns true when a field may become the type of a column.</summary>
    /// <param name="value">The field: its text, or a value of the type that its text has.</param>
    /// <param name="to">Type of the column.</param>
    public static bool Allows(DataValue value, DataType to) => value.Type == to || value.Type switch
    {
        DataType.Text => AllowsText(value.AsText, to),
        DataType.Bigint => to is DataType.Text or DataType.Double or DataType.Decimal or DataType.Wei or DataType.Timestamp,
        DataType.Double => to is DataType.Text or DataType.Decimal or DataType.Wei or DataType.Timestamp,
        DataType.Date => to is DataType.Text or DataType.Timestamp,
        _ => to == DataType.Text,
    };

    private static bool AllowsText(string text, DataType to) => to switch
    {
        DataType.Bigint => FieldText.TryInteger(text, out _),
        DataType.Double => FieldText.TryReal(text, out _),
        DataType.Bool => FieldText.TryBool(text, out _),
        DataType.Date => FieldText.TryDate(text, out _),
        DataType.Decimal or DataType.Wei => FieldText.IsNumber(text),
        DataType.Timestamp => IsoDateTime.TryParse(text, out _, out _, out _) && text.AsSpan().ContainsAnyExceptInRange('0', '9'),
        _ => true,
    };
}
