using System.Reflection;
using Xunit;

namespace Dlt.Golden.Harness;

public class ScenarioCaseTests
{
    [Fact]
    public void The_cases_that_show_a_scenario_are_run()
    {
        Assert.SkipUnless(GoldenFolder.IsOwn, "Other folders have other cases.");
        var run = Inventory.Cases().Where(c => Inventory.OutcomeOf(c) is null).Select(c => c.Id.Split('/')[^1]).ToHashSet();
        var named =
            from type in Assembly.GetExecutingAssembly().GetTypes()
            from method in type.GetMethods()
            from scenario in method.GetCustomAttributes<ScenarioAttribute>()
            from name in scenario.Cases
            select name;
        Assert.Equal([], named.Where(n => !run.Any(id => n.EndsWith('*') ? id.StartsWith(n[..^1], StringComparison.Ordinal) : id == n)));
        Assert.NotEmpty(named);
    }
}
