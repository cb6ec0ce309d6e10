using DoSnapshot.Dashboard;

return await DashboardHost.RunAsync(args);
