using Dlt.Iceberg;

namespace Dlt.Tests.Iceberg.Types;

/// <summary>Types as metadata, manifests and messages name them.</summary>
public sealed class IcebergTypeTests
{
    [Fact]
    public void A_decimal_is_written_with_a_blank_that_old_readers_ask_for() =>
        Assert.Equal("decimal(9, 2)", PrimitiveType.Decimal(9, 2).ToString());

    [Theory]
    [InlineData("decimal(9,2)")]
    [InlineData("decimal(9, 2)")]
    [InlineData("decimal( 9 , 2 )")]
    public void Both_forms_of_a_decimal_are_read(string text) => Assert.Equal(PrimitiveType.Decimal(9, 2), PrimitiveType.Parse(text));

    [Theory]
    [InlineData("fixed[4]")]
    [InlineData("fixed[ 4 ]")]
    public void Both_forms_of_a_fixed_are_read(string text) => Assert.Equal(PrimitiveType.Fixed(4), PrimitiveType.Parse(text));

    [Theory]
    [InlineData("decimal(")]
    [InlineData("decimal(39, 0)")]
    [InlineData("decimal(2, 3)")]
    [InlineData("fixed[0]")]
    [InlineData("fixed(4]")]
    [InlineData("number")]
    public void A_text_that_is_not_a_type_is_refused(string text) => Assert.Throws<FormatException>(() => PrimitiveType.Parse(text));

    [Fact]
    public void Glue_has_decimals_as_hive_writes_them() =>
        Assert.Equal("array<decimal(9,2)>", GlueTypes.Of(new ListType(1, PrimitiveType.Decimal(9, 2))));

    [Fact]
    public void Nested_types_have_the_text_of_the_format()
    {
        var type = new StructType([new(1, "a", new ListType(3, new PrimitiveType(PrimitiveKind.Int)), true),
            new(2, "b", new MapType(4, new PrimitiveType(PrimitiveKind.String), 5, PrimitiveType.Decimal(9, 2)))]);
        Assert.Equal("struct<1: a: required list<int>, 2: b: optional map<string, decimal(9, 2)>>", type.ToString());
    }

    [Fact]
    public void Metadata_and_the_partition_schema_of_manifests_agree_on_the_form()
    {
        var schema = new Schema([new(1, "m", PrimitiveType.Decimal(9, 2))]);
        Assert.Contains("\"decimal(9, 2)\"", Dlt.JsonText.Write(SchemaJson.Write(schema)), StringComparison.Ordinal);
        Assert.Equal(schema.Fields, SchemaJson.Read(SchemaJson.Write(schema)).Fields);
    }
}
