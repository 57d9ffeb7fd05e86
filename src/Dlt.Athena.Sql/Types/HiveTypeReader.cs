using System.Collections.Immutable;

namespace Dlt.Sql;

/// <summary>Parses the Hive form of types (Apache Hive, "Hive Data Types"; Athena User Guide, "CREATE TABLE").</summary>
internal ref struct HiveTypeReader(string text)
{
    private const int DefaultPrecision = 10;
    private const string EndOfName = ":<>,()";

    private TypeCursor _cursor = new(text);

    /// <exception cref="AthenaTypeFormatException">The text is not a type.</exception>
    public AthenaType Read()
    {
        var type = Type(0);
        _cursor.End();
        return type;
    }

    private AthenaType Type(int depth)
    {
        _cursor.CheckDepth(depth);
        if (!_cursor.IsAtWord()) throw _cursor.Problem("a type is missing");
        var start = _cursor.At;
        var word = _cursor.Word().ToLowerInvariant();
        return word switch
        {
            "boolean" => new AthenaType.Scalar(AthenaScalar.Boolean),
            "tinyint" => new AthenaType.Scalar(AthenaScalar.TinyInt),
            "smallint" => new AthenaType.Scalar(AthenaScalar.SmallInt),
            "int" or "integer" => new AthenaType.Scalar(AthenaScalar.Integer),
            "bigint" => new AthenaType.Scalar(AthenaScalar.BigInt),
            "float" => new AthenaType.Scalar(AthenaScalar.Real),
            "double" => new AthenaType.Scalar(AthenaScalar.Double),
            "binary" => new AthenaType.Scalar(AthenaScalar.Varbinary),
            "date" => new AthenaType.Scalar(AthenaScalar.Date),
            "string" => AthenaType.String,
            "timestamp" => new AthenaType.Timestamp(AthenaType.Timestamp.DefaultPrecision),
            "decimal" => _cursor.Decimal(DefaultPrecision),
            "char" => new AthenaType.Char(_cursor.Length() ?? 1),
            "varchar" => new AthenaType.Varchar(_cursor.Length()),
            "array" => Array(depth),
            "map" => Map(depth),
            "struct" => Struct(depth),
            _ => throw _cursor.Problem($"Hive has no type '{word}'", start),
        };
    }

    private AthenaType.Array Array(int depth)
    {
        _cursor.Expect('<');
        var element = Type(depth + 1);
        _cursor.Expect('>');
        return new(element);
    }

    private AthenaType.Map Map(int depth)
    {
        _cursor.Expect('<');
        var key = Type(depth + 1);
        _cursor.Expect(',');
        var value = Type(depth + 1);
        _cursor.Expect('>');
        return new(key, value);
    }

    private AthenaType.Row Struct(int depth)
    {
        _cursor.Expect('<');
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var fields = ImmutableArray.CreateBuilder<AthenaRowField>();
        do
        {
            _cursor.Peek();
            var start = _cursor.At;
            var name = FieldName();
            if (!names.Add(name)) throw _cursor.Problem($"a struct has the field '{name}' twice", start);
            _cursor.Expect(':');
            fields.Add(new(name, Type(depth + 1)));
        }
        while (_cursor.Takes(','));
        _cursor.Expect('>');
        return new(fields.ToImmutable());
    }

    private string FieldName()
    {
        if (_cursor.Peek() == '`') return _cursor.Quoted('`');
        var start = _cursor.At;
        while (_cursor.At < _cursor.Text.Length && !EndOfName.Contains(_cursor.Text[_cursor.At], StringComparison.Ordinal)) _cursor.At++;
        var name = _cursor.Text[start.._cursor.At].Trim();
        return name.Length > 0 ? name : throw _cursor.Problem("the name of a field is missing", start);
    }
}
