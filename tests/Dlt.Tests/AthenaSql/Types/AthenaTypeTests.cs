using Dlt.Sql;

namespace Dlt.Tests.AthenaSql.Types;

/// <summary>Types of Athena: every type in every form, and texts that are not types.</summary>
public sealed class AthenaTypeTests
{
    [Theory]
    [InlineData("boolean", "boolean", "boolean", "BOOLEAN", "boolean")]
    [InlineData("tinyint", "tinyint", "tinyint", "TINYINT", "tinyint")]
    [InlineData("smallint", "smallint", "smallint", "SMALLINT", "smallint")]
    [InlineData("integer", "int", "integer", "INTEGER", "integer")]
    [InlineData("int", "int", "integer", "INTEGER", "integer")]
    [InlineData("bigint", "bigint", "bigint", "BIGINT", "bigint")]
    [InlineData("real", "float", "real", "FLOAT", "float")]
    [InlineData("double", "double", "double", "DOUBLE", "double")]
    [InlineData("DOUBLE PRECISION", "double", "double", "DOUBLE", "double")]
    [InlineData("decimal(10, 2)", "decimal(10,2)", "decimal(10,2)", "DECIMAL(10,2)", "decimal")]
    [InlineData("decimal(7)", "decimal(7,0)", "decimal(7,0)", "DECIMAL(7,0)", "decimal")]
    [InlineData("decimal", "decimal(38,0)", "decimal(38,0)", "DECIMAL(38,0)", "decimal")]
    [InlineData("char(3)", "char(3)", "char(3)", "VARCHAR", "char")]
    [InlineData("char", "char(1)", "char(1)", "VARCHAR", "char")]
    [InlineData("varchar(20)", "varchar(20)", "varchar(20)", "VARCHAR", "varchar")]
    [InlineData("varchar", "string", "varchar", "VARCHAR", "varchar")]
    [InlineData("varbinary", "binary", "varbinary", "BLOB", "varbinary")]
    [InlineData("date", "date", "date", "DATE", "date")]
    [InlineData("time", null, "time(3)", "TIME", "time")]
    [InlineData("time(6) with time zone", null, "time(6) with time zone", "TIME WITH TIME ZONE", "time with time zone")]
    [InlineData("timestamp", "timestamp", "timestamp(3)", "TIMESTAMP", "timestamp")]
    [InlineData("timestamp(6) without time zone", "timestamp", "timestamp(6)", "TIMESTAMP", "timestamp")]
    [InlineData("timestamp(9)", "timestamp", "timestamp(9)", "TIMESTAMP_NS", "timestamp")]
    [InlineData("timestamp with time zone", null, "timestamp(3) with time zone", "TIMESTAMP WITH TIME ZONE", "timestamp with time zone")]
    [InlineData("json", null, "json", "JSON", "json")]
    [InlineData("uuid", null, "uuid", "UUID", "uuid")]
    [InlineData("ipaddress", null, "ipaddress", "VARCHAR", "ipaddress")]
    [InlineData("interval day to second", null, "interval day to second", "INTERVAL", "interval day to second")]
    [InlineData("interval year to month", null, "interval year to month", "INTERVAL", "interval year to month")]
    [InlineData("array<int>", "array<int>", "array(integer)", "INTEGER[]", "array")]
    [InlineData("bigint array array", "array<array<bigint>>", "array(array(bigint))", "BIGINT[][]", "array")]
    [InlineData("map(varchar, array(double))", "map<string,array<double>>", "map(varchar, array(double))", "MAP(VARCHAR, DOUBLE[])", "map")]
    [InlineData("row(A bigint, \"B c\" date)", "struct<a:bigint,B c:date>", "row(a bigint, \"B c\" date)",
        "STRUCT(\"a\" BIGINT, \"B c\" DATE)", "row")]
    [InlineData("row(bigint, varchar)", null, "row(bigint, varchar)", "STRUCT(\"field0\" BIGINT, \"field1\" VARCHAR)", "row")]
    public void A_type_of_a_query_has_a_name_in_every_form(string text, string? hive, string trino, string duck, string result)
    {
        var type = AthenaTypeParser.ParseTrino(text);
        Assert.Equal(trino, TrinoTypeName.Of(type));
        Assert.Equal(trino, type.ToString());
        Assert.Equal(duck, DuckTypeName.Of(type));
        Assert.Equal(result, ResultTypeName.Of(type));
        if (hive is null) Assert.Throws<NotSupportedException>(() => HiveTypeName.Of(type));
        else Assert.Equal(hive, HiveTypeName.Of(type));
    }

    [Theory]
    [InlineData("boolean", "boolean")]
    [InlineData("tinyint", "tinyint")]
    [InlineData("smallint", "smallint")]
    [InlineData("int", "integer")]
    [InlineData("INTEGER", "integer")]
    [InlineData("bigint", "bigint")]
    [InlineData("float", "real")]
    [InlineData("double", "double")]
    [InlineData("decimal", "decimal(10,0)")]
    [InlineData(" decimal ( 38 , 9 ) ", "decimal(38,9)")]
    [InlineData("decimal(5)", "decimal(5,0)")]
    [InlineData("char(2)", "char(2)")]
    [InlineData("varchar(65535)", "varchar(65535)")]
    [InlineData("varchar", "varchar")]
    [InlineData("string", "varchar")]
    [InlineData("binary", "varbinary")]
    [InlineData("date", "date")]
    [InlineData("timestamp", "timestamp(3)")]
    [InlineData("array< map<string,struct<a:int,B:array<date>>> >", "array(map(varchar, row(a integer, \"B\" array(date))))")]
    [InlineData("struct<`a:b`:int,naïve name:string>", "row(\"a:b\" integer, \"naïve name\" varchar)")]
    public void A_type_of_a_table_is_read(string hive, string trino) =>
        Assert.Equal(trino, AthenaTypeParser.ParseHive(hive).ToString());

    [Theory]
    [InlineData("", 0, "a type is missing")]
    [InlineData("text", 0, "Hive has no type 'text'")]
    [InlineData("timestamp(6)", 9, "text after the end")]
    [InlineData("decimal(39,0)", 8, "the precision of a decimal must be a number from 1 to 38")]
    [InlineData("decimal(9,10)", 10, "the scale of a decimal must be a number from 0 to 9")]
    [InlineData("decimal(9", 9, "')' is missing")]
    [InlineData("varchar(0)", 8, "a length must be a number from 1")]
    [InlineData("array(int)", 5, "'<' is missing")]
    [InlineData("array<int", 9, "'>' is missing")]
    [InlineData("map<int>", 7, "',' is missing")]
    [InlineData("struct<a int>", 12, "':' is missing")]
    [InlineData("struct<a:int,A:int>", 13, "the field 'A' twice")]
    [InlineData("struct<`a:int>", 7, "has no closing quote")]
    [InlineData("array<row(a int)>", 6, "Hive has no type 'row'")]
    public void A_text_that_is_not_a_type_of_a_table_is_refused_with_the_position(string text, int position, string problem) =>
        Refuses(() => AthenaTypeParser.ParseHive(text), position, problem);

    [Theory]
    [InlineData("", 0, "a type is missing")]
    [InlineData("string", 0, "Trino has no type 'string'")]
    [InlineData("struct<a:int>", 0, "Trino has no type 'struct'")]
    [InlineData("decimal(0)", 8, "a number from 1 to 38")]
    [InlineData("timestamp(13)", 10, "a number from 0 to 12")]
    [InlineData("timestamp with zone", 15, "'time' is missing")]
    [InlineData("interval day to month", 16, "'second' is missing")]
    [InlineData("array(int", 9, "')' is missing")]
    [InlineData("array<int)", 9, "'>' is missing")]
    [InlineData("row()", 4, "a type is missing")]
    [InlineData("row(a)", 4, "Trino has no type 'a'")]
    [InlineData("row(\"\" int)", 4, "is empty")]
    [InlineData("bigint bigint", 7, "text after the end")]
    public void A_text_that_is_not_a_type_of_a_query_is_refused_with_the_position(string text, int position, string problem) =>
        Refuses(() => AthenaTypeParser.ParseTrino(text), position, problem);

    [Theory]
    [InlineData("row(double double precision)", "row(double double)")]
    [InlineData("row(double precision)", "row(double)")]
    [InlineData("row(timestamp timestamp with time zone)", "row(timestamp timestamp(3) with time zone)")]
    [InlineData("row(timestamp with time zone)", "row(timestamp(3) with time zone)")]
    [InlineData("row(interval interval day to second)", "row(interval interval day to second)")]
    [InlineData("row(interval day to second)", "row(interval day to second)")]
    [InlineData("row(date array)", "row(array(date))")]
    [InlineData("row(date array(int))", "row(date array(integer))")]
    [InlineData("row(row row(row))", null)]
    public void A_field_of_a_row_has_a_name_or_only_a_type(string text, string? trino)
    {
        if (trino is null) Assert.Throws<AthenaTypeFormatException>(() => AthenaTypeParser.ParseTrino(text));
        else Assert.Equal(trino, AthenaTypeParser.ParseTrino(text).ToString());
    }

    [Fact]
    public void Every_type_that_is_written_is_read_again()
    {
        var random = new Random(16);
        for (var i = 0; i < 2_000; i++)
        {
            var type = RandomType.Of(random, depth: 4, ofTables: false);
            Assert.Equal(type, AthenaTypeParser.ParseTrino(TrinoTypeName.Of(type)));
            var ofTable = RandomType.Of(random, depth: 4, ofTables: true);
            Assert.Equal(ofTable, AthenaTypeParser.ParseHive(HiveTypeName.Of(ofTable)));
            Assert.Equal(ofTable.GetHashCode(), AthenaTypeParser.ParseHive(HiveTypeName.Of(ofTable)).GetHashCode());
        }
    }

    [Fact]
    public void Types_within_types_are_read_up_to_a_depth()
    {
        const int depth = AthenaTypeParser.MaxDepth;
        var deep = string.Concat(Enumerable.Repeat("array<", depth)) + "int" + new string('>', depth);
        Assert.Equal(deep, HiveTypeName.Of(AthenaTypeParser.ParseHive(deep)));
        AthenaTypeParser.ParseTrino(deep);
        var error = Assert.Throws<AthenaTypeFormatException>(() => AthenaTypeParser.ParseHive($"array<{deep}>"));
        Assert.True(error.Message.Length < 300);
        Assert.Throws<AthenaTypeFormatException>(() => AthenaTypeParser.ParseTrino($"array<{deep}>"));
        Assert.Throws<AthenaTypeFormatException>(
            () => AthenaTypeParser.ParseTrino("int" + string.Concat(Enumerable.Repeat(" array", 100_000))));
    }

    [Fact]
    public void Numbers_outside_their_range_make_no_type()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AthenaType.Decimal(39, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AthenaType.Decimal(3, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AthenaType.Char(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AthenaType.Varchar(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AthenaType.Time(13));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AthenaType.Timestamp(-1));
        Assert.Throws<ArgumentException>(() => new AthenaType.Row([]));
    }

    private static void Refuses(Action read, int position, string problem)
    {
        var error = Assert.Throws<AthenaTypeFormatException>(read);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(position, error.Position);
        Assert.EndsWith($"at character {position + 1}.", error.Message, StringComparison.Ordinal);
    }
}
