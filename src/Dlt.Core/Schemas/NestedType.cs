using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Dlt.Schemas;

/// <summary>
/// Type of a column that holds lists, structs or maps. A schema stores it as Hive's name of the type, such as
/// <c>array&lt;struct&lt;sku:string,n:bigint&gt;&gt;</c>.
/// </summary>
internal abstract record NestedType
{
    /// <summary>A scalar type.</summary>
    public sealed record Scalar(ScalarType Type) : NestedType;

    /// <summary>A list whose elements have one type.</summary>
    public sealed record List(NestedType Element) : NestedType;

    /// <summary>Named fields in order. Two names that differ only in case are refused.</summary>
    public sealed record Struct(ImmutableArray<(string Name, NestedType Type)> Fields) : NestedType;

    /// <summary>A map from scalar keys to values.</summary>
    public sealed record Map(Scalar Key, NestedType Value) : NestedType;

    /// <summary>Hive's name of the type.</summary>
    public string Hive => this switch
    {
        List list => $"array<{list.Element.Hive}>",
        Struct structure => $"struct<{string.Join(',', structure.Fields.Select(f => $"{f.Name}:{f.Type.Hive}"))}>",
        Map map => $"map<{map.Key.Hive},{map.Value.Hive}>",
        _ => ((Scalar)this).Type.Hive,
    };

    /// <summary>
    /// Returns true when this type can hold every value of <paramref name="older"/>: it has all of its fields with their types, and perhaps
    /// more.
    /// </summary>
    public bool Extends(NestedType older) => (this, older) switch
    {
        (List mine, List old) => mine.Element.Extends(old.Element),
        (Map mine, Map old) => mine.Key == old.Key && mine.Value.Extends(old.Value),
        (Struct mine, Struct old) => old.Fields.All(o => mine.Fields.Any(m => m.Name == o.Name && m.Type.Extends(o.Type))),
        _ => Equals(older),
    };

    /// <summary>
    /// Returns a type with the fields of both types. On a conflict the first type is kept, and the value with the second type does not fit;
    /// but if <paramref name="widens"/>, integers and fractional numbers become doubles.
    /// </summary>
    /// <param name="first">Present type.</param>
    /// <param name="second">Type to add.</param>
    /// <param name="widens">True while the present type is not stored, so its scalars may still change.</param>
    public static NestedType? Merge(NestedType? first, NestedType? second, bool widens = false)
    {
        switch (first, second)
        {
            case (null, _): return second;
            case (_, null): return first;
            case (List a, List b): return new List(Merge(a.Element, b.Element, widens)!);
            case (Struct a, Struct b):
                var fields = a.Fields.ToList();
                foreach (var (name, type) in b.Fields)
                {
                    var at = fields.FindIndex(f => f.Name == name);
                    if (at < 0) fields.Add((name, type));
                    else fields[at] = (name, Merge(fields[at].Type, type, widens)!);
                }

                return new Struct([.. fields]);
            case (Scalar a, Scalar b) when widens && IsNumber(a) && IsNumber(b) && a != b:
                return new Scalar(new(DataType.Double));
            default: return first;
        }
    }

    private static bool IsNumber(Scalar scalar) => scalar.Type.DataType is DataType.Bigint or DataType.Double;

    /// <summary>Parses Hive's name of a type.</summary>
    /// <returns>False when the text is not a type, or contains a type that dlt does not write to files.</returns>
    public static bool TryParse(string hive, [NotNullWhen(true)] out NestedType? type)
    {
        try
        {
            type = Parse(hive);
            return true;
        }
        catch (FormatException)
        {
            type = null;
            return false;
        }
    }

    /// <summary>Parses Hive's name of a list, struct or map.</summary>
    /// <exception cref="FormatException">The text is not such a type, or contains a type that dlt does not write to files.</exception>
    public static NestedType Parse(string hive)
    {
        var reader = new Reader(hive);
        var type = reader.Type();
        reader.End();
        return type is Scalar ? throw new FormatException($"'{hive}' is not a list, a struct or a map.") : type;
    }

    private ref struct Reader(string text)
    {
        private int _at;

        public NestedType Type()
        {
            var name = Word().ToLowerInvariant();
            switch (name)
            {
                case "array":
                    Expect('<');
                    var element = Type();
                    Expect('>');
                    return new List(element);
                case "map":
                    Expect('<');
                    var key = Type() as Scalar ?? throw Problem("the key of a map must be a scalar");
                    Expect(',');
                    var value = Type();
                    Expect('>');
                    return new Map(key, value);
                case "struct":
                    Expect('<');
                    var fields = ImmutableArray.CreateBuilder<(string Name, NestedType Type)>();
                    do
                    {
                        var field = Word();
                        if (fields.Any(f => f.Name.Equals(field, StringComparison.OrdinalIgnoreCase)))
                            throw Problem($"the field '{field}' occurs twice");
                        Expect(':');
                        fields.Add((field, Type()));
                    }
                    while (Takes(','));
                    Expect('>');
                    return new Struct(fields.ToImmutable());
                default:
                    return new Scalar(ScalarOf(name));
            }
        }

        public readonly void End()
        {
            if (_at < text.Length) throw Problem("there is text after the end of the type");
        }

        private ScalarType ScalarOf(string name)
        {
            switch (name)
            {
                case "string": return new(DataType.Text);
                case "bigint": return new(DataType.Bigint, IntegerBits: 64);
                case "int": return new(DataType.Bigint, IntegerBits: 32);
                case "smallint": return new(DataType.Bigint, IntegerBits: 16);
                case "tinyint": return new(DataType.Bigint, IntegerBits: 8);
                case "double": return new(DataType.Double);
                case "boolean": return new(DataType.Bool);
                case "date": return new(DataType.Date);
                case "timestamp": return new(DataType.Timestamp);
                case "binary": return new(DataType.Binary);
                case "decimal":
                    Expect('(');
                    var precision = Number();
                    Expect(',');
                    var scale = Number();
                    Expect(')');
                    return precision is >= 1 and <= ScalarType.MaxPrecision && scale <= precision
                        ? new(DataType.Decimal, Precision: precision, Scale: scale)
                        : throw Problem($"decimal({precision},{scale}) is not a valid decimal");
                default: throw Problem($"'{name}' is not a type");
            }
        }

        private int Number() =>
            int.TryParse(Word(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Problem("a number is expected");

        private string Word()
        {
            var start = _at;
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or ' ')) _at++;
            var word = text[start.._at].Trim();
            return word.Length > 0 ? word : throw Problem("a name is expected");
        }

        private void Expect(char c)
        {
            if (!Takes(c)) throw Problem($"'{c}' is expected");
        }

        private bool Takes(char c)
        {
            if (_at >= text.Length || text[_at] != c) return false;
            _at++;
            return true;
        }

        private readonly FormatException Problem(string what) =>
            new(string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a Glue type: {what}, at character {_at + 1}."));
    }
}
