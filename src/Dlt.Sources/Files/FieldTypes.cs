using Dlt.Batches.Building;

namespace Dlt.Sources.Files;

/// <summary>Type of the fields in a CSV column.</summary>
internal enum FieldType
{
    /// <summary>A whole number of up to 64 bits, without leading zeros.</summary>
    Integer,

    /// <summary>A number with a fraction or exponent.</summary>
    Real,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Bool,

    /// <summary>A date in ISO form.</summary>
    Date,

    /// <summary>Any text.</summary>
    Text,
}

/// <summary>Infers the types of fields, which CSV does not declare.</summary>
internal static class FieldTypes
{
    /// <summary>The narrowest type of all fields; text if all are empty.</summary>
    public static FieldType Of(IEnumerable<string> fields)
    {
        FieldType? type = null;
        var areReals = true;
        foreach (var field in fields)
        {
            if (field.Length == 0) continue;
            var isReal = FieldText.TryReal(field, out _);
            var own = FieldText.TryInteger(field, out _) ? FieldType.Integer
                : isReal ? FieldType.Real
                : FieldText.TryBool(field, out _) ? FieldType.Bool
                : FieldText.TryDate(field, out _) ? FieldType.Date : FieldType.Text;
            areReals &= isReal;
            if (type is null || type == own) type = own;
            else if (areReals && type is FieldType.Integer or FieldType.Real) type = FieldType.Real;
            else return FieldType.Text;
            if (type == FieldType.Text || (type == FieldType.Real && !areReals)) return FieldType.Text;
        }

        return type ?? FieldType.Text;
    }

    /// <summary>Appends a field to a column of its type.</summary>
    /// <returns>False if the field does not have the type, or the column holds values of another kind; nothing is appended then.</returns>
    public static bool TryAppend(ValueColumn column, FieldType type, ReadOnlySpan<char> field)
    {
        if (field.IsEmpty)
        {
            column.AppendNull();
            return true;
        }

        switch (type)
        {
            case FieldType.Integer:
                return FieldText.TryInteger(field, out var integer) && column.TryAppend(ValueKind.Integer, integer);
            case FieldType.Real:
                return FieldText.TryReal(field, out var real) && column.TryAppend(real);
            case FieldType.Bool:
                return FieldText.TryBool(field, out var flag) && ValueWriter.Write(column, flag);
            case FieldType.Date:
                return FieldText.TryDate(field, out var day) && column.TryAppend(ValueKind.Date, day);
            default:
                return column.TryAppend(field);
        }
    }
}
