using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Tests.Core.Schemas;

public class SchemaContractTests
{
    [Theory]
    [InlineData("\"freeze\"")]
    [InlineData("\"discard_row\"")]
    [InlineData("""{"columns":"discard_value"}""")]
    [InlineData("""{"tables":"evolve","columns":"freeze","data_type":"discard_row"}""")]
    [InlineData("""{"tables":"freeze","columns":"freeze","data_type":"freeze"}""")]
    public void A_contract_is_stored_as_it_was_read(string stored) =>
        Assert.Equal(stored, SchemaContract.Parse(JsonValue.Parse(stored))!.ToJson()!.ToString());

    [Fact]
    public void One_mode_is_a_contract_for_everything()
    {
        SchemaContract contract = ContractMode.Freeze;
        Assert.Equal("\"freeze\"", contract.ToJson()!.ToString());
        Assert.Equal("""{"tables":"evolve","columns":"freeze","data_type":"freeze"}""",
            (contract with { Tables = ContractMode.Evolve }).ToJson()!.ToString());
    }

    [Fact]
    public void A_contract_without_modes_is_not_stored()
    {
        Assert.Null(SchemaContract.None.ToJson());
        Assert.Null(new ResourceHints { SchemaContract = SchemaContract.None }.ToTable("orders", "orders")["schema_contract"]);
    }

    [Theory]
    [InlineData("\"frozen\"")]
    [InlineData("""{"columns":"frozen"}""")]
    [InlineData("""{"colums":"freeze"}""")]
    [InlineData("3")]
    public void A_value_that_is_not_a_contract_is_an_error(string stored)
    {
        var error = Assert.Throws<SchemaException>(() => SchemaContract.Parse(JsonValue.Parse(stored)));
        Assert.Contains("evolve, freeze, discard_row or discard_value", error.Message, StringComparison.Ordinal);
    }
}
