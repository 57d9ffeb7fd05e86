using System.Reflection;

namespace Dlt.Tests.Support;

/// <summary>
/// Counts the calls of several services. At one of them the process "ends": that call may still happen, later calls do not.
/// </summary>
internal sealed class Steps
{
    private int _taken;

    /// <summary>The call at which the process ends, counted from one.</summary>
    public required int End { get; init; }

    /// <summary>True when the last call still happens and its answer is lost.</summary>
    public bool IsLastDone { get; init; }

    /// <summary>Wraps a service; its calls are steps.</summary>
    public T Watch<T>(T service) where T : class => Intercept(service, (_, call) =>
    {
        var step = Interlocked.Increment(ref _taken);
        if (step < End) return call();
        if (step == End && IsLastDone) (call() as Task)?.GetAwaiter().GetResult();
        throw new EndedException();
    });

    /// <summary>Wraps a service; its calls go through a function that gets the name of the method.</summary>
    public static T Intercept<T>(T service, Func<string, Func<object?>, object?> around) where T : class =>
        Intercept(service, (method, _, call) => around(method, call));

    /// <summary>
    /// Wraps a service; its calls go through a function that gets the name of the method and its arguments. Calls may run in parallel.
    /// </summary>
    public static T Intercept<T>(T service, Func<string, object?[], Func<object?>, object?> around) where T : class
    {
        var proxy = DispatchProxy.Create<T, Proxy>();
        ((Proxy)(object)proxy).Call = (method, given) =>
            around(method.Name, given ?? [], () => method.Invoke(service, BindingFlags.DoNotWrapExceptions, null, given, null));
        return proxy;
    }

    /// <summary>The end of the process; product code never catches it.</summary>
    internal sealed class EndedException : Exception;

    internal class Proxy : DispatchProxy
    {
        public Func<MethodInfo, object?[]?, object?> Call { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Call(targetMethod!, args);
    }
}
