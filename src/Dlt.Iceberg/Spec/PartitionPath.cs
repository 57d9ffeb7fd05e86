using System.Text;

namespace Dlt.Iceberg;

/// <summary>Names of folders for partitions: for people, no reader takes anything from them (spec/iceberg.md 4.4).</summary>
internal static class PartitionPath
{
    public static string Of(PartitionSpec spec, Schema schema, IReadOnlyList<object?> partition) =>
        string.Join('/', spec.Fields.Select((field, i) => $"{Escape(field.Name)}={Escape(ValueText.Of(field.Transform, PartitionSpec.ResultType(field, schema) ?? new(PrimitiveKind.String), partition[i]))}"));

    /// <summary>As forms of web pages are encoded: a blank is <c>+</c>.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '*' or '_') result.Append(c);
            else if (c == ' ') result.Append('+');
            else result.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return result.ToString();
    }
}
