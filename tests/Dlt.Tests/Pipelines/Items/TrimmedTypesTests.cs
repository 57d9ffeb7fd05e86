using System.Reflection;
using System.Reflection.Emit;
using Dlt.Items;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Items;

public sealed class TrimmedTypesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Objects_that_lost_a_property_to_a_trimmer_are_refused_and_nothing_is_loaded()
    {
        var account = Some.Account(_folder);
        var trimmed = Activator.CreateInstance(WithoutProperty("Amount"))!;
        var orders = Resource.Create<object>("orders", [new { Id = 1 }, trimmed]);
        var error = await Assert.ThrowsAsync<DltException>(() => Some.Pipeline(account).RunAsync(orders, Cancellation));
        Assert.Contains("'Amount' was removed when the program was trimmed. Nothing was loaded.", error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "orders", Cancellation));
    }

    [Fact]
    public void A_type_whose_property_lost_a_property_is_refused_too() =>
        Assert.Throws<DltException>(() => TrimmedTypes.Check(typeof(List<>).MakeGenericType(WithoutProperty("Price"))));

    [Fact]
    public void Types_that_keep_their_properties_are_not_refused()
    {
        TrimmedTypes.Check(typeof(Shape));
        TrimmedTypes.Check(new { Id = 1, Nested = new { Name = "a" } }.GetType());
        TrimmedTypes.Check(typeof((int Id, string Name)));
    }

    /// <summary>A type after trimming: the backing field remains, the property is gone.</summary>
    private static Type WithoutProperty(string name)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new("Trimmed" + name), AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule("module").DefineType("Order", TypeAttributes.Public);
        type.DefineField($"<{name}>k__BackingField", typeof(decimal), FieldAttributes.Private);
        return type.CreateType();
    }

    private interface INamed
    {
        string Name { get; }
    }

    private class Base
    {
        protected int Hidden { get; init; }
    }

    private sealed class Shape : Base, INamed
    {
        string INamed.Name { get; } = "";

        public Shape? Next { get; init; }

        public int Width { get; init => field = Math.Max(value, Hidden); }
    }
}
